import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SealBroken } from './envelope.ts';
import { newDataKey, openKeyRing } from './key-ring.ts';

let dir = '';
beforeEach(async () => {
  dir = join(await mkdtemp(join(tmpdir(), 'livegate-keys-')), 'keys');
});
afterEach(() => rm(join(dir, '..'), { recursive: true }));

describe('the key ring', () => {
  it('makes one first key that all services agree on, readable by nobody else', async () => {
    const rings = await Promise.all(Array.from({ length: 8 }, () => openKeyRing({ dir })));
    const wrapped = rings[0]?.wrap(Buffer.from('secret'), 'purpose') as Buffer;
    for (const ring of rings) expect(ring.unwrap(wrapped, 'purpose').toString()).toBe('secret');
    const files = await readdir(dir);
    expect(files).toHaveLength(1);
    expect((await stat(join(dir, files[0] as string))).mode & 0o777).toBe(0o600);
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
  });

  it('unwraps for the purpose it wrapped for, only', async () => {
    const ring = await openKeyRing({ dir });
    const wrapped = ring.wrap(newDataKey(), 'frames of one check');
    expect(() => ring.unwrap(wrapped, 'frames of another')).toThrow(SealBroken);
  });

  it('wraps with the newest key, and still unwraps what older ones wrapped', async () => {
    const before = await openKeyRing({ dir });
    const old = before.wrap(Buffer.from('old'), '');
    await writeFile(join(dir, 'kek-20260101000000-00000000000000aa.key'), randomBytes(32).toString('base64'));
    const after = await openKeyRing({ dir });
    const fresh = after.wrap(Buffer.from('new'), '');
    expect(fresh.subarray(0, 8).toString('hex')).toBe('00000000000000aa');
    expect(after.unwrap(old, '').toString()).toBe('old');
    expect(() => before.unwrap(fresh, '')).toThrow(/not in the key directory/);
  });

  it('refuses a key file that holds no key', async () => {
    await openKeyRing({ dir });
    await writeFile(join(dir, 'kek-20260101000000-00000000000000aa.key'), 'short');
    await expect(openKeyRing({ dir })).rejects.toThrow(/does not hold a key/);
  });
});
