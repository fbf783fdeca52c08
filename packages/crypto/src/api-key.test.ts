import { describe, expect, it } from 'vitest';
import { digestOf, matches, newApiKey, parseApiKey } from './api-key.ts';

describe('an API key', () => {
  it('has the documented form, and parses to its parts', () => {
    for (const mode of ['live', 'test'] as const) {
      const key = newApiKey(mode);
      expect(key).toMatch(new RegExp(`^lv_${mode}_[A-Za-z0-9]{12}_[A-Za-z0-9_-]{43}[A-Za-z0-9]{6}$`));
      expect(parseApiKey(key)).toEqual({ mode, keyId: key.slice(8, 20), digest: digestOf(key) });
    }
  });

  it('is refused when any one character is mistyped', () => {
    const key = newApiKey('live');
    for (let at = 0; at < key.length; at += 1) {
      const typo = key.slice(0, at) + (key[at] === 'x' ? 'y' : 'x') + key.slice(at + 1);
      expect(parseApiKey(typo)).toBeNull();
    }
  });

  it.each(['', 'lv_live_', 'Bearer x', `${newApiKey('live')} `, `${newApiKey('live')}\n`])('is not "%s"', (text) => {
    expect(parseApiKey(text)).toBeNull();
  });

  it('carries a checksum that any language can compute: CRC-32 in base62', () => {
    // Computed apart, by Python's zlib.crc32 and the alphabet 0-9A-Za-z.
    const body = `lv_live_AAAAAAAAAAAA_${'A'.repeat(43)}`;
    expect(parseApiKey(`${body}03Dh4S`)).not.toBeNull();
  });

  it('is compared by digests of one length', () => {
    expect(matches(digestOf('a'), digestOf('a'))).toBe(true);
    expect(matches(digestOf('a'), digestOf('b'))).toBe(false);
    expect(matches(digestOf('a'), Buffer.of(1))).toBe(false);
  });
});
