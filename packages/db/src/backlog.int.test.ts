import { aCheck } from '@livegate/test-kit/builders';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { beforeEach, describe, expect, it } from 'vitest';
import { measureBacklog } from './backlog.ts';
import { startCapture } from './checks.ts';
import { finishCheck } from './finish-check.ts';
import { insertBatch } from './frame-batches.ts';
import { insertFrameBlob } from './frame-blobs.ts';
import { insertFrame } from './frames.ts';
import { countViolations } from './invariants.ts';

const { db } = await cloneDatabase();

const clean = {
  terminal_without_event: 0,
  event_without_delivery: 0,
  open_past_deadline: 0,
  key_after_retention: 0,
  images_without_a_use: 0,
};
const verdict = { passed: true, confidence: 90, threshold: 70, reasons: [] };

async function complete(webhookUrl: string | null = null) {
  const check = await aCheck(db, { webhookUrl });
  await startCapture(db, { checkId: check.id, sessionDigest: Buffer.alloc(32) });
  await db.transaction((tx) =>
    finishCheck(tx, {
      checkId: check.id,
      ending: { event: 'verdict', verdict, score: 0.9, boundingBox: null, keptDataKey: check.dataKey },
      buildBody: () => Buffer.from('{}'),
    }),
  );
  return check.id;
}

beforeEach(async () => {
  await db.query(
    'truncate delivery_attempts, deliveries, events, frame_blobs, frames, frame_batches, checks restart identity cascade',
  );
});

it('waits for no image under a legal hold', async () => {
  const id = await complete();
  const isOverdue = async () => [
    (await measureBacklog(db)).imagesOverdue,
    (await countViolations(db)).key_after_retention,
  ];
  await db.query(`update checks set images_expire_at = now() - interval '1 hour' where id = $1`, [id]);
  expect(await isOverdue()).toEqual([1, 1]);
  await db.query(`insert into legal_holds (check_id, reason) values ($1, 'a court')`, [id]);
  expect(await isOverdue()).toEqual([0, 0]);
});

describe('measureBacklog', () => {
  it('is zero everywhere when nothing waits', async () => {
    await complete();
    expect(Object.values(await measureBacklog(db)).every((value) => value === 0)).toBe(true);
  });

  it('counts and ages batches, outbox and open checks', async () => {
    const pending = await aCheck(db);
    const started = await aCheck(db);
    await startCapture(db, { checkId: started.id, sessionDigest: Buffer.alloc(32) });
    const taken = await insertBatch(db, { checkId: started.id, attempt: 1, traceparent: null });
    await insertBatch(db, { checkId: started.id, attempt: 1, traceparent: null });
    await insertBatch(db, { checkId: pending.id, attempt: 1, traceparent: null });
    await db.query(
      `update frame_batches set created_at = now() - interval '9 seconds', enqueued_at = now() where id = $1`,
      [taken.batchId],
    );
    const backlog = await measureBacklog(db);
    expect(backlog).toMatchObject({ batchesWaiting: 2, checksPending: 1, checksInProgress: 1 });
    expect(backlog.oldestBatchSeconds).toBeGreaterThanOrEqual(9);
    expect(backlog.outboxLagSeconds).toBeLessThan(9);
  });

  it('counts images that are still there a minute after their time', async () => {
    const id = await complete();
    await db.query(`update checks set images_expire_at = now() - interval '61 seconds' where id = $1`, [id]);
    expect((await measureBacklog(db)).imagesOverdue).toBe(1);
  });
});

describe('countViolations', () => {
  it('finds nothing in what the commands made', async () => {
    await complete('https://example.com/hook');
    await aCheck(db);
    expect(await countViolations(db)).toEqual(clean);
  });

  it.each([
    ['terminal_without_event', 'delete from deliveries; delete from events'],
    ['event_without_delivery', 'delete from deliveries'],
    [
      'key_after_retention',
      `update checks set images_expire_at = now() - interval '6 minutes' where finished_at is not null`,
    ],
    ['images_without_a_use', 'update checks set data_key = null where finished_at is not null'],
    [
      'open_past_deadline',
      `update checks set link_expires_at = now() - interval '2 minutes' where finished_at is null`,
    ],
  ])('counts %s', async (invariant, damage) => {
    const id = await complete('https://example.com/hook');
    await insertFrameBlob(db, { checkId: id, attempt: 1, seq: 0 }, Buffer.alloc(8));
    await aCheck(db);
    // The log is append-only, and a sweep has a minute before it is late.
    await db.query('alter table check_transition_log disable trigger user');
    await db.query(`update check_transition_log set at = now() - interval '2 minutes'`);
    await db.query('alter table check_transition_log enable trigger user');
    expect(await countViolations(db)).toEqual(clean);
    await db.query(damage);
    expect(await countViolations(db)).toEqual({ ...clean, [invariant]: 1 });
  });

  it('misses no delivery whose log has ended by its retention', async () => {
    await complete('https://example.com/hook');
    await db.query('alter table check_transition_log disable trigger user');
    await db.query(`update check_transition_log set at = now() - interval '31 days'`);
    await db.query('alter table check_transition_log enable trigger user');
    await db.query('delete from deliveries');
    expect(await countViolations(db)).toMatchObject({ event_without_delivery: 0 });
  });

  it('counts an image without a use by its frame alone, where images are in an object store', async () => {
    const id = await complete('https://example.com/hook');
    await insertFrame(db, { checkId: id, attempt: 1, seq: 0, bytes: 8 });
    await db.query('update frames set image_expires_at = now()');
    await db.query('update checks set data_key = null');
    await db.query('alter table check_transition_log disable trigger user');
    await db.query(`update check_transition_log set at = now() - interval '2 minutes'`);
    await db.query('alter table check_transition_log enable trigger user');
    expect(await countViolations(db)).toEqual({ ...clean, images_without_a_use: 1 });
  });
});
