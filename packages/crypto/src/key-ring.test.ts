import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { SealBroken } from './envelope.ts';
import { newDataKey, openKeyRing } from './key-ring.ts';

const dirs: string[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const dir of dirs.splice(0)) await rm(dir, { recursive: true });
});

async function aDirectory(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'livegate-keys-'));
  dirs.push(dir);
  return join(dir, 'keys');
}

const keyFiles = async (dir: string) => (await readdir(dir)).filter((name) => name.startsWith('kek-'));

/** What an operator does: one more file, named after the time. */
async function addKey(dir: string, time: string): Promise<string> {
  const file = join(dir, `kek-${time}-${randomBytes(8).toString('hex')}.key`);
  await writeFile(file, randomBytes(32).toString('base64'), { mode: 0o600 });
  return file;
}

describe('a key ring', () => {
  test('unwraps what it wrapped, after a restart too', async () => {
    const dir = await aDirectory();
    const dataKey = newDataKey();
    const wrapped = (await openKeyRing({ dir })).wrap(dataKey, 'purpose');
    expect((await openKeyRing({ dir })).unwrap(wrapped, 'purpose')).toEqual(dataKey);
    expect(wrapped.includes(dataKey)).toBe(false);
  });

  test('keeps its key to this user', async () => {
    const dir = await aDirectory();
    await openKeyRing({ dir });
    const [file = ''] = await keyFiles(dir);
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
    expect((await stat(join(dir, file))).mode & 0o777).toBe(0o600);
    expect(Buffer.from(await readFile(join(dir, file), 'utf8'), 'base64').length).toBe(32);
  });

  test('is the same for services that start at once', async () => {
    const dir = await aDirectory();
    const rings = await Promise.all(Array.from({ length: 16 }, () => openKeyRing({ dir })));
    const dataKey = newDataKey();
    for (const one of rings) {
      for (const other of rings) expect(other.unwrap(one.wrap(dataKey, 'p'), 'p')).toEqual(dataKey);
    }
    expect(await keyFiles(dir)).toHaveLength(1);
  });

  test('wraps with the newest key and still unwraps with the older ones', async () => {
    const dir = await aDirectory();
    const dataKey = newDataKey();
    const old = (await openKeyRing({ dir })).wrap(dataKey, 'p');
    const newest = await addKey(dir, '20260202000000');
    await addKey(dir, '20260101000000');
    const ring = await openKeyRing({ dir });
    expect(ring.unwrap(old, 'p')).toEqual(dataKey);
    expect(newest).toContain(ring.wrap(dataKey, 'p').subarray(0, 8).toString('hex'));
  });

  test('sees a key that another service has used before it', async () => {
    const dir = await aDirectory();
    const early = await openKeyRing({ dir });
    await addKey(dir, '20260101000000');
    const dataKey = newDataKey();
    const wrapped = (await openKeyRing({ dir })).wrap(dataKey, 'p');
    expect(early.unwrap(wrapped, 'p')).toEqual(dataKey);
  });

  test('digests alike in every process soon after a rotation, and looks at the directory once in a while only', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const dir = await aDirectory();
    const [one, other] = [await openKeyRing({ dir }), await openKeyRing({ dir })];
    const digests = () => [one, other].map((ring) => ring.digest(Buffer.from('a picture'), 'p').toString('hex'));
    const [before] = digests();
    await one.rotate();
    expect(digests()[1]).toBe(before);
    vi.advanceTimersByTime(5_001);
    const after = digests();
    expect(after[0]).not.toBe(before);
    expect(after[1]).toBe(after[0]);
  });

  test('knows how old its newest key is, also of one that was named after the last second of a minute', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 0, 1, 0, 0, 59) });
    const ring = await openKeyRing({ dir: await aDirectory() });
    for (let rotation = 0; rotation < 2; rotation += 1) await ring.rotate();
    vi.setSystemTime(Date.UTC(2026, 0, 1, 0, 1, 30));
    expect(ring.newestAgeSeconds()).toBe(30);
  });

  test('opens nothing once the key is gone', async () => {
    const dir = await aDirectory();
    const gone = await addKey(await openKeyRing({ dir }).then(() => dir), '20260101000000');
    const wrapped = (await openKeyRing({ dir })).wrap(newDataKey(), 'p');
    await unlink(gone);
    const ring = await openKeyRing({ dir });
    expect(() => ring.unwrap(wrapped, 'p')).toThrow(SealBroken);
  });

  test('opens nothing that was altered, cut, or wrapped for another purpose', async () => {
    const ring = await openKeyRing({ dir: await aDirectory() });
    const wrapped = ring.wrap(newDataKey(), 'p');
    expect(() => ring.unwrap(wrapped, 'q')).toThrow(SealBroken);
    for (let at = 0; at < wrapped.length; at += 1) {
      const altered = Buffer.from(wrapped);
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect(() => ring.unwrap(altered, 'p')).toThrow(SealBroken);
      expect(() => ring.unwrap(wrapped.subarray(0, at), 'p')).toThrow(SealBroken);
    }
  });

  test('refuses a directory with a key file that is cut short', async () => {
    const dir = await aDirectory();
    await openKeyRing({ dir });
    await writeFile(await addKey(dir, '20260101000000'), 'AAAA');
    await expect(openKeyRing({ dir })).rejects.toThrow('32 bytes');
  });
});

describe('a key ring whose directory is on record', () => {
  /** As a database keeps it. */
  function aRecord() {
    let identity: string | null = null;
    return {
      find: async () => identity,
      remember: async (found: string) => {
        identity ??= found;
        return identity;
      },
    };
  }

  test('makes its keys once, and never in a directory that turns up empty', async () => {
    const [dir, record] = [await aDirectory(), aRecord()];
    const wrapped = (await openKeyRing({ dir, record })).wrap(Buffer.from('secret'), 'p');
    const unmounted = await aDirectory();
    await expect(openKeyRing({ dir: unmounted, record })).rejects.toThrow(/lacks the keys of this database/);
    expect(await readdir(unmounted)).toEqual([]);
    expect((await openKeyRing({ dir, record })).unwrap(wrapped, 'p').toString()).toBe('secret');
  });

  test('refuses one whose audit key is gone, and makes no other: old links are verified with it', async () => {
    const [dir, record] = [await aDirectory(), aRecord()];
    await openKeyRing({ dir, record });
    await unlink(join(dir, 'audit.key'));
    await expect(openKeyRing({ dir, record })).rejects.toThrow(/lacks the keys of this database: audit\.key/);
    expect(await readdir(dir)).not.toContain('audit.key');
  });

  test('refuses the directory of another database', async () => {
    const record = aRecord();
    await openKeyRing({ dir: await aDirectory(), record });
    const other = await aDirectory();
    await openKeyRing({ dir: other, record: aRecord() });
    await expect(openKeyRing({ dir: other, record })).rejects.toThrow(/holds the keys of another database/);
  });

  test('opens for all who come at once', async () => {
    const [dir, record] = [await aDirectory(), aRecord()];
    const rings = await Promise.all(Array.from({ length: 8 }, () => openKeyRing({ dir, record })));
    expect(new Set(rings.map((ring) => ring.newestId())).size).toBe(1);
  });

  test('makes no epoch key while the directory is away', async () => {
    const [dir, record] = [await aDirectory(), aRecord()];
    const ring = await openKeyRing({ dir, record });
    await unlink(join(dir, 'pseudonym.key'));
    await expect(ring.epochs.wrapUntil(newDataKey(), { until: new Date(), purpose: 'p' })).rejects.toThrow('not there');
    expect(await readdir(join(dir, 'epochs'))).toEqual([]);
  });
});
