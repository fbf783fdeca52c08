import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { digestOf, matches, newApiKey, parseApiKey } from './api-key.ts';

// Checksum by Python: zlib.crc32 of all before it, written in base62 (0-9A-Za-z), padded to six.
const KNOWN = `lv_test_AAAAAAAAAAAA_${'A'.repeat(43)}3RqKJw`;

describe('an API key', () => {
  test.each(['live', 'test'] as const)('of mode %s has the form that scanners look for, and parses', (mode) => {
    const key = newApiKey(mode);
    expect(key).toMatch(new RegExp(`^lv_${mode}_[A-Za-z0-9]{12}_[A-Za-z0-9_-]{43}[A-Za-z0-9]{6}$`));
    expect(parseApiKey(key)).toEqual({ mode, keyId: key.slice(8, 20), digest: digestOf(key) });
  });

  test('is never made twice', () => {
    expect(new Set(Array.from({ length: 1_000 }, () => newApiKey('live'))).size).toBe(1_000);
  });

  test('has the checksum that another implementation computes', () => {
    expect(parseApiKey(KNOWN)).toMatchObject({ mode: 'test', keyId: 'AAAAAAAAAAAA' });
  });

  test('does not parse with any one character changed', () => {
    const key = newApiKey('live');
    for (let at = 0; at < key.length; at += 1) {
      const other = key[at] === 'A' ? 'B' : 'A';
      expect(parseApiKey(key.slice(0, at) + other + key.slice(at + 1))).toBeNull();
    }
  });

  test.each([
    ['empty', () => ''],
    ['cut', () => newApiKey('live').slice(0, -1)],
    ['with more behind', () => `${newApiKey('live')}A`],
    ['with a newline behind', () => `${newApiKey('live')}\n`],
    ['with a space before', () => ` ${newApiKey('live')}`],
    ['in capitals', () => newApiKey('live').toUpperCase()],
    ['of another mode', () => newApiKey('live').replace('live', 'prod')],
    ['of the other mode', () => newApiKey('live').replace('live', 'test')],
  ])('does not parse when %s', (_, make) => {
    expect(parseApiKey(make())).toBeNull();
  });

  test('is stored as SHA-256 of the whole', () => {
    const key = newApiKey('live');
    expect(digestOf(key).toString('hex')).toBe(createHash('sha256').update(key).digest('hex'));
  });

  test('matches its own digest only, and no length of digest throws', () => {
    const [one, other] = [digestOf('one'), digestOf('other')];
    expect(matches(one, Buffer.from(one))).toBe(true);
    expect(matches(one, other)).toBe(false);
    expect(matches(one, one.subarray(1))).toBe(false);
    expect(matches(one, Buffer.alloc(0))).toBe(false);
  });
});
