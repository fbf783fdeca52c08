import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { SealBroken } from './envelope.ts';
import { EPOCH_SECONDS, endOfWrapping, openEpochKeys } from './epoch-keys.ts';
import { newDataKey, openKeyRing } from './key-ring.ts';

const dirs: string[] = [];
afterEach(async () => {
  for (const dir of dirs.splice(0)) await rm(dir, { recursive: true });
});

async function aDirectory(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'livegate-epochs-'));
  dirs.push(dir);
  return join(dir, 'keys');
}

const noon = new Date('2026-11-21T12:00:00Z');
const later = (seconds: number) => new Date(noon.getTime() + seconds * 1_000);

describe('an epoch key', () => {
  test('opens until the time that was asked for, and never after its epoch', async () => {
    const epochs = await openEpochKeys({ dir: await aDirectory() });
    const dataKey = newDataKey();
    const wrapped = await epochs.wrapUntil(dataKey, { until: later(1), purpose: 'p' });
    expect(await epochs.destroyEnded(later(1))).toBe(0);
    expect(epochs.unwrap(wrapped, 'p')).toEqual(dataKey);
    expect(endOfWrapping(wrapped)).toEqual(later(EPOCH_SECONDS));
    expect(await epochs.destroyEnded(later(EPOCH_SECONDS - 0.001))).toBe(0);
    expect(await epochs.destroyEnded(later(EPOCH_SECONDS))).toBe(1);
    expect(() => epochs.unwrap(wrapped, 'p')).toThrow(SealBroken);
  });

  test.each([0, 1, 59, 119, 120, 121, 1_799])('ends less than an epoch after second %s', async (seconds) => {
    const epochs = await openEpochKeys({ dir: await aDirectory() });
    const end = endOfWrapping(await epochs.wrapUntil(newDataKey(), { until: later(seconds), purpose: 'p' })) as Date;
    expect(end.getTime()).toBeGreaterThanOrEqual(later(seconds).getTime());
    expect(end.getTime()).toBeLessThan(later(seconds + EPOCH_SECONDS).getTime());
  });

  test('is one for processes that meet at the same moment', async () => {
    const dir = await aDirectory();
    const processes = await Promise.all(Array.from({ length: 12 }, () => openEpochKeys({ dir })));
    const dataKey = newDataKey();
    const wrapped = await Promise.all(processes.map((one) => one.wrapUntil(dataKey, { until: noon, purpose: 'p' })));
    for (const process of processes) for (const one of wrapped) expect(process.unwrap(one, 'p')).toEqual(dataKey);
    expect(await readdir(dir)).toHaveLength(1);
  });

  test('is forgotten by a process that held it when another destroys it', async () => {
    const dir = await aDirectory();
    const [one, other] = [await openEpochKeys({ dir }), await openEpochKeys({ dir })];
    const wrapped = await one.wrapUntil(newDataKey(), { until: noon, purpose: 'p' });
    one.unwrap(wrapped, 'p');
    await other.destroyEnded(later(1));
    expect(() => one.unwrap(wrapped, 'p')).toThrow('destroyed');
    const again = await one.wrapUntil(newDataKey(), { until: noon, purpose: 'p' });
    expect(() => one.unwrap(wrapped, 'p')).toThrow(SealBroken);
    expect(one.unwrap(again, 'p')).toHaveLength(32);
  });

  test('is not what a process held of that name when another destroyed it and made a new one', async () => {
    const dir = await aDirectory();
    const [one, other] = [await openEpochKeys({ dir }), await openEpochKeys({ dir })];
    const before = await one.wrapUntil(newDataKey(), { until: noon, purpose: 'p' });
    await other.destroyEnded(later(1));
    const after = await other.wrapUntil(newDataKey(), { until: noon, purpose: 'p' });
    expect(one.unwrap(after, 'p')).toHaveLength(32);
    expect(() => one.unwrap(before, 'p')).toThrow('destroyed');
    expect(other.unwrap(await one.wrapUntil(newDataKey(), { until: noon, purpose: 'p' }), 'p')).toHaveLength(32);
  });

  test('is kept to this user, and binds the purpose', async () => {
    const dir = await aDirectory();
    const epochs = await openEpochKeys({ dir });
    const wrapped = await epochs.wrapUntil(newDataKey(), { until: noon, purpose: 'p' });
    const [file = ''] = await readdir(dir);
    expect((await stat(join(dir, file))).mode & 0o777).toBe(0o600);
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
    expect(() => epochs.unwrap(wrapped, 'q')).toThrow(SealBroken);
    for (let at = 8; at < wrapped.length; at += 1) {
      const altered = Buffer.from(wrapped);
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect(() => epochs.unwrap(altered, 'p')).toThrow(SealBroken);
    }
  });
});

describe('the key of a hold', () => {
  test('outlives every epoch and ends with the hold', async () => {
    const epochs = await openEpochKeys({ dir: await aDirectory() });
    const dataKey = newDataKey();
    const held = await epochs.wrapHeld(dataKey, 'p');
    await epochs.destroyEnded(later(10 * 365 * 86_400));
    expect(epochs.unwrap(held, 'p')).toEqual(dataKey);
    expect(endOfWrapping(held)).toBeNull();
    await epochs.release(held);
    expect(() => epochs.unwrap(held, 'p')).toThrow(SealBroken);
  });
});

describe('a key ring with keys that end', () => {
  test('unwraps both kinds, and takes none for the other', async () => {
    const dir = await aDirectory();
    const ring = await openKeyRing({ dir });
    const [secret, dataKey] = [Buffer.from('whsec_'), newDataKey()];
    const lasting = ring.wrap(secret, 'p');
    const ending = await ring.epochs.wrapUntil(dataKey, { until: noon, purpose: 'p' });
    expect([ring.epochs.owns(lasting), ring.epochs.owns(ending)]).toEqual([false, true]);
    expect(ring.unwrap(lasting, 'p')).toEqual(secret);
    expect(ring.unwrap(ending, 'p')).toEqual(dataKey);
    await ring.epochs.destroyEnded(noon);
    expect(() => ring.unwrap(ending, 'p')).toThrow(SealBroken);
    expect(ring.unwrap(lasting, 'p')).toEqual(secret);
  });

  test('overwrites a key that it destroys', async () => {
    const dir = await aDirectory();
    const ring = await openKeyRing({ dir });
    const old = ring.newestId();
    const wrapped = ring.wrap(Buffer.from('secret'), 'p');
    const { link } = await import('node:fs/promises');
    const [file = ''] = (await readdir(dir)).filter((name) => name.includes(old));
    await link(join(dir, file), join(dir, 'second-name'));
    await ring.rotate();
    expect(ring.newestId()).not.toBe(old);
    expect(ring.unwrap(wrapped, 'p').toString()).toBe('secret');
    await expect(ring.destroy(ring.newestId())).rejects.toThrow('not one that can be destroyed');
    await ring.destroy(old);
    expect((await readFile(join(dir, 'second-name'))).every((byte) => byte === 0)).toBe(true);
    expect(() => ring.unwrap(wrapped, 'p')).toThrow(SealBroken);
  });
});
