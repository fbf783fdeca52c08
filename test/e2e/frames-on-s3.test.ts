import { afterCommit } from '@livegate/db/database';
import { openBucket } from '@livegate/frame-store/bucket';
import { encryptFrames } from '@livegate/frame-store/frame-store';
import { s3Frames } from '@livegate/frame-store/s3-frames';
import { removeOrphans } from '@livegate/lifecycle/sweeps/remove-orphans';
import { createLogger } from '@livegate/telemetry/logger';
import { captureClient } from '@livegate/test-kit/capture-client';
import { eventually } from '@livegate/test-kit/eventually';
import { genuineFace } from '@livegate/test-kit/faces';
import { integrator } from '@livegate/test-kit/integrator';
import { startS3 } from '@livegate/test-kit/s3';
import { startStack } from '@livegate/test-kit/stack';
import { describe, expect, it } from 'vitest';

describe('frames in an object store', async () => {
  const s3 = await startS3();
  const bucket = openBucket(s3.url);
  const stack = await startStack({ env: { FRAME_STORE_URL: s3.url } });
  const backend = integrator(stack);
  const stored = async () => (await bucket.list('', null)).objects.map(({ name }) => name);

  it('are scored, kept while they may be read, and gone afterwards; Postgres holds none', async () => {
    const check = await backend.create({ threshold: 50, audit_images_count: 2 });
    await captureClient(check.url).submit(await genuineFace());
    const { body } = await backend.untilDone(check.token);
    expect(body).toMatchObject({ status: 'complete' });
    expect((await stack.db.query('select count(*)::int as rows from frame_blobs')).rows).toEqual([{ rows: 0 }]);
    const kept = (await stack.db.query(`select count(*)::int as kept from frames where role <> 'capture'`)).rows[0]
      .kept;
    expect(kept).toBeGreaterThan(0);
    // The frames that are not kept go after the verdict has committed.
    await eventually(async () => (await stored()).length === kept);

    await stack.db.query('update checks set images_expire_at = now()');
    await eventually(async () => (await stored()).length === 0, { withinMs: 30_000 });
  });

  it('are swept when no check can own them', async () => {
    await bucket.put('chk_gone/1/0', Buffer.from('left behind'));
    const sweep = removeOrphans();
    const anHourOn = encryptFrames(s3Frames({ bucket, afterCommit, now: () => Date.now() + 3_600_000 }));
    const unused = {} as never;
    const logger = createLogger({ service: 'test', level: 'silent' });
    expect(await sweep({ db: stack.db, frameStore: anHourOn, keyRing: unused, producer: unused, logger })).toBe(1);
    expect(await stored()).toEqual([]);
  });

  it('are refused with 503 while the store is away, and nothing else is', async () => {
    const check = await backend.create();
    await s3.stop();
    await expect(captureClient(check.url).submit(await genuineFace())).rejects.toThrow(/503/);
    expect((await backend.get(check.token)).status).toBe(202);
  });
});
