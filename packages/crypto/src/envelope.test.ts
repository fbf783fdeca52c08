import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { aadFor, open, SealBroken, seal } from './envelope.ts';

const key = randomBytes(32);
const plaintext = Buffer.from('a face');
const aad = 'where it belongs';

describe('a sealed object', () => {
  test('opens with its key and its context', () => {
    expect(open({ key, sealed: seal({ key, plaintext, aad }), aad })).toEqual(plaintext);
    expect(open({ key, sealed: seal({ key, plaintext: Buffer.alloc(0), aad }), aad })).toEqual(Buffer.alloc(0));
  });

  test('is version, nonce, ciphertext and tag, and shows nothing of the plaintext', () => {
    const sealed = seal({ key, plaintext, aad });
    expect(sealed.length).toBe(1 + 12 + plaintext.length + 16);
    expect(sealed[0]).toBe(1);
    expect(sealed.includes(plaintext)).toBe(false);
  });

  test('never comes out twice the same', () => {
    const nonces = Array.from({ length: 1_000 }, () => seal({ key, plaintext, aad }).subarray(1, 13).toString('hex'));
    expect(new Set(nonces).size).toBe(1_000);
  });

  test('does not open with any one bit changed, wherever it is', () => {
    const sealed = seal({ key, plaintext, aad });
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const altered = Buffer.from(sealed);
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => open({ key, sealed: altered, aad })).toThrow(SealBroken);
    }
  });

  test('does not open cut at any length, nor with more behind', () => {
    const sealed = seal({ key, plaintext, aad });
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => open({ key, sealed: sealed.subarray(0, length), aad })).toThrow(SealBroken);
    }
    expect(() => open({ key, sealed: Buffer.concat([sealed, Buffer.of(0)]), aad })).toThrow(SealBroken);
  });

  test('does not open in another place or with another key, and says so by a code', () => {
    const sealed = seal({ key, plaintext, aad });
    expect(() => open({ key, sealed, aad: 'elsewhere' })).toThrow(SealBroken);
    expect(() => open({ key: randomBytes(32), sealed, aad })).toThrow(expect.objectContaining({ code: 'seal_broken' }));
  });

  test.each([0, 16, 31, 33])('takes no key of %i bytes', (length) => {
    expect(() => seal({ key: Buffer.alloc(length), plaintext, aad })).toThrow(RangeError);
    expect(() => open({ key: Buffer.alloc(length), sealed: Buffer.alloc(40), aad })).toThrow(RangeError);
  });
});

describe('the context of an object', () => {
  const place = { clientId: 'a', checkId: 'b', object: 'c', kind: 'd', version: 1 };

  test('differs when any field does', () => {
    const all = [
      place,
      { ...place, clientId: 'x' },
      { ...place, checkId: 'x' },
      { ...place, object: 'x' },
      { ...place, kind: 'x' },
      { ...place, version: 2 },
    ];
    expect(new Set(all.map(aadFor)).size).toBe(all.length);
  });

  test.each([',', '/', ':', '|', '","', '\\', '\u0000'])('keeps its fields apart, whatever holds a %j', (mark) => {
    const left = aadFor({ ...place, clientId: `a${mark}b`, checkId: 'c' });
    expect(left).not.toBe(aadFor({ ...place, clientId: 'a', checkId: `b${mark}c` }));
  });
});
