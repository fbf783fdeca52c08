/** One suite for every adapter: what a caller may rely on, whichever store it is. */
import { randomBytes } from 'node:crypto';
import { startCapture } from '@livegate/db/checks';
import { afterCommit, type Queryable } from '@livegate/db/database';
import { deleteFrameBlobs, findFrameBlob, insertFrameBlob } from '@livegate/db/frame-blobs';
import { aCheck } from '@livegate/test-kit/builders';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { startS3 } from '@livegate/test-kit/s3';
import { beforeAll, describe, expect, it } from 'vitest';
import { openBucket } from './bucket.ts';
import { encryptFrames, type FrameStore } from './frame-store.ts';
import { openFrames } from './open-frames.ts';
import { s3Frames } from './s3-frames.ts';

const { db } = await cloneDatabase();
const s3 = await startS3();
const blobs = { insertFrameBlob, findFrameBlob, deleteFrameBlobs };
await openBucket(s3.url).prepare();

describe.each([
  ['Postgres', undefined],
  ['S3', s3.url],
])('frames in %s', (_name, url) => {
  let store: FrameStore<Queryable>;
  beforeAll(async () => {
    store = encryptFrames(await openFrames({ url, db, blobs, afterCommit }));
  });
  const dataKey = randomBytes(32);
  const image = randomBytes(120_000);
  const aPlace = async () => {
    const check = await aCheck(db);
    await startCapture(db, { checkId: check.id, sessionDigest: randomBytes(32) });
    return { clientId: check.clientId, checkId: check.id, attempt: 1, seq: 0 };
  };
  const put = (tx: Queryable, ref: Awaited<ReturnType<typeof aPlace>>, bytes = image) =>
    store.put(tx, { ref, dataKey, image: bytes });

  it('come back byte for byte once the transaction has committed', async () => {
    const ref = await aPlace();
    await db.transaction((tx) => put(tx, ref));
    expect(await store.get({ ref, dataKey })).toEqual(image);
  });

  it('are null where there are none', async () => {
    expect(await store.get({ ref: await aPlace(), dataKey })).toBeNull();
  });

  it('do not open with another key, or from another place', async () => {
    const ref = await aPlace();
    await db.transaction((tx) => put(tx, ref));
    await expect(store.get({ ref, dataKey: randomBytes(32) })).rejects.toThrow();
    await expect(store.get({ ref: { ...ref, clientId: 'another' }, dataKey })).rejects.toThrow();
  });

  it('are those of the transaction that committed, whatever one before it had put', async () => {
    const ref = await aPlace();
    const other = randomBytes(1_000);
    await expect(
      db.transaction(async (tx) => {
        await put(tx, ref, other);
        throw new Error('rolled back');
      }),
    ).rejects.toThrow('rolled back');
    await db.transaction((tx) => put(tx, ref));
    expect(await store.get({ ref, dataKey })).toEqual(image);
  });

  it('go when their removal has committed, all but those that are kept, and only this check’s', async () => {
    const ref = await aPlace();
    const neighbour = await aPlace();
    const refs = [0, 1, 2].map((seq) => ({ ...ref, seq }));
    await db.transaction(async (tx) => {
      for (const one of [...refs, neighbour]) await put(tx, one);
    });
    await db.transaction((tx) => store.removeAllBut(tx, ref.checkId, [{ attempt: 1, seq: 1 }]));
    const left = await Promise.all(refs.map((one) => store.get({ ref: one, dataKey })));
    expect(left.map((found) => found !== null)).toEqual([false, true, false]);
    expect(await store.get({ ref: neighbour, dataKey })).toEqual(image);
    await db.transaction((tx) => store.removeAllBut(tx, ref.checkId, []));
    expect(await store.get({ ref: { ...ref, seq: 1 }, dataKey })).toBeNull();
  });

  it('of one attempt go alone: of the next some may be there already', async () => {
    const ref = await aPlace();
    const next = { ...ref, attempt: 2 };
    await db.transaction(async (tx) => {
      await put(tx, ref);
      await put(tx, next);
    });
    await db.transaction((tx) => store.removeAttempt(tx, ref.checkId, 1));
    expect(await store.get({ ref, dataKey })).toBeNull();
    expect(await store.get({ ref: next, dataKey })).toEqual(image);
  });

  it('stay when the removal was rolled back', async () => {
    const ref = await aPlace();
    await db.transaction((tx) => put(tx, ref));
    await expect(
      db.transaction(async (tx) => {
        await store.removeAllBut(tx, ref.checkId, []);
        throw new Error('rolled back');
      }),
    ).rejects.toThrow('rolled back');
    expect(await store.get({ ref, dataKey })).toEqual(image);
  });
});

describe('S3 alone', () => {
  const tenMinutesOn = () => Date.now() + 10 * 60_000 + 1_000;

  it('names the owners of what may be an orphan, and of nothing that is young', async () => {
    const bucket = openBucket(s3.url);
    await bucket.put('chk_orphan/1/0', Buffer.from('x'));
    const young = await s3Frames({ bucket, afterCommit }).listOwners(null);
    expect(young.checkIds).not.toContain('chk_orphan');
    const old = await s3Frames({ bucket, afterCommit, now: tenMinutesOn }).listOwners(null);
    expect(old.checkIds).toContain('chk_orphan');
  });

  it.skipIf(!s3.truncates)('removes page after page', async () => {
    const bucket = openBucket(s3.url);
    const names = Array.from({ length: 1_050 }, (_, index) => `chk_many/1/${String(index).padStart(4, '0')}`);
    for (let from = 0; from < names.length; from += 50) {
      await Promise.all(names.slice(from, from + 50).map((name) => bucket.put(name, Buffer.from('x'))));
    }
    await s3Frames({ bucket, afterCommit }).removeAllBut(db, 'chk_many', []);
    expect((await bucket.list('chk_many/', null)).objects).toEqual([]);
  });

  it('is `unavailable`, soon, when the store does not answer', async () => {
    const bucket = openBucket('s3://frames/x?endpoint=http://127.0.0.1:9');
    await expect(bucket.get('a')).rejects.toMatchObject({ code: 'unavailable' });
    await expect(bucket.put('a', Buffer.from('x'))).rejects.toMatchObject({ code: 'unavailable' });
  });
});
