import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aadFor, open, SealBroken, seal } from './envelope.ts';

const key = randomBytes(32);
const place = { clientId: 'cli_a', checkId: 'chk_a', object: '1/0', kind: 'frame', version: 1 };

describe('a sealed object', () => {
  it('opens to what was sealed, whatever it was', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), fc.string(), (bytes, aad) => {
        const sealed = seal({ key, plaintext: Buffer.from(bytes), aad });
        expect(sealed).toHaveLength(bytes.length + 29);
        expect(open({ key, sealed, aad })).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('does not open when any one bit of it is flipped', () => {
    const sealed = seal({ key, plaintext: Buffer.from('a frame'), aad: 'here' });
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const altered = Buffer.from(sealed);
      altered[bit >> 3] = (altered[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(() => open({ key, sealed: altered, aad: 'here' })).toThrow(SealBroken);
    }
  });

  it('does not open when it is cut, at any length', () => {
    const sealed = seal({ key, plaintext: Buffer.from('a frame'), aad: 'here' });
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => open({ key, sealed: sealed.subarray(0, length), aad: 'here' })).toThrow(SealBroken);
    }
  });

  it.each(Object.keys(place) as (keyof typeof place)[])('does not open in another place: %s', (field) => {
    const sealed = seal({ key, plaintext: Buffer.from('a frame'), aad: aadFor(place) });
    const elsewhere = aadFor({ ...place, [field]: field === 'version' ? 2 : 'other' });
    expect(() => open({ key, sealed, aad: elsewhere })).toThrow(SealBroken);
    expect(open({ key, sealed, aad: aadFor(place) }).toString()).toBe('a frame');
  });

  it('names places without ambiguity between fields', () => {
    expect(aadFor({ ...place, clientId: 'a', checkId: 'bc' })).not.toBe(
      aadFor({ ...place, clientId: 'ab', checkId: 'c' }),
    );
  });

  it('never seals twice alike: the nonce is random', () => {
    const seals = Array.from({ length: 100 }, () =>
      seal({ key, plaintext: Buffer.from('same'), aad: '' }).toString('hex'),
    );
    expect(new Set(seals).size).toBe(100);
  });

  it('takes keys of 32 bytes only', () => {
    expect(() => seal({ key: randomBytes(16), plaintext: Buffer.of(), aad: '' })).toThrow(RangeError);
  });
});
