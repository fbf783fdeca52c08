import { PROCESSING_LIMITS } from '@livegate/domain/processing-limits';
import { aCheck } from '@livegate/test-kit/builders';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { describe, expect, it } from 'vitest';
import { startCapture } from './checks.ts';
import {
  claimBatch,
  giveUpHopelessBatches,
  insertBatch,
  markEnqueued,
  markScored,
  releaseBatch,
  takeDueBatches,
} from './frame-batches.ts';

const { db } = await cloneDatabase();

async function aBatch() {
  const check = await aCheck(db);
  await startCapture(db, { checkId: check.id, sessionDigest: Buffer.alloc(32) });
  return insertBatch(db, { checkId: check.id, attempt: 1, traceparent: null });
}
const makeDue = (batchId: string) => db.query(`update frame_batches set due_at = now() where id = $1`, [batchId]);

describe('a frame batch', () => {
  it('is claimed by its generation only', async () => {
    const { batchId } = await aBatch();
    expect(await claimBatch(db, { batchId, generation: 2 })).toBeNull();
    expect(await claimBatch(db, { batchId, generation: 1 })).toMatchObject({ batchId, generation: 1, crashes: 0 });
  });

  it('fences out the worker whose generation was taken over', async () => {
    const { batchId } = await aBatch();
    await claimBatch(db, { batchId, generation: 1 });
    await makeDue(batchId);
    const [taken] = (await takeDueBatches(db, 100)).filter((hint) => hint.batchId === batchId);
    expect(taken?.generation).toBe(2);
    expect(await markScored(db, { batchId, generation: 1, modelProfile: 'baseline' })).toBe(false);
    expect(await markScored(db, { batchId, generation: 2, modelProfile: 'baseline' })).toBe(true);
    expect(await markScored(db, { batchId, generation: 2, modelProfile: 'baseline' })).toBe(false);
  });

  it('is left to the queue once enqueued, and to its worker once claimed', async () => {
    const { batchId } = await aBatch();
    await makeDue(batchId);
    await markEnqueued(db, [{ batchId, generation: 1 }]);
    expect((await takeDueBatches(db, 100)).some((hint) => hint.batchId === batchId)).toBe(false);
    const { rows } = await db.query(
      'select extract(epoch from due_at - now())::float as wait from frame_batches where id = $1',
      [batchId],
    );
    expect(rows[0].wait).toBeGreaterThan(PROCESSING_LIMITS.requeueSeconds - 5);
  });

  it('is poison after as many crashes as the limit, and is then given up', async () => {
    const { batchId } = await aBatch();
    const crash = () => releaseBatch(db, { batchId, generation: 1, failure: 'inference_crashed', meaning: 'crash' });
    for (let crashes = 1; crashes <= PROCESSING_LIMITS.maxCrashes; crashes += 1)
      expect(await crash()).toEqual({ crashes });
    expect(await crash()).toBeNull();
    expect(await claimBatch(db, { batchId, generation: 1 })).toBeNull();
    expect((await takeDueBatches(db, 100)).some((hint) => hint.batchId === batchId)).toBe(false);
  });

  it('survives outages that are nobody’s crash', async () => {
    const { batchId } = await aBatch();
    for (let generation = 1; generation <= PROCESSING_LIMITS.maxStarts; generation += 1) {
      expect(await claimBatch(db, { batchId, generation })).toMatchObject({ crashes: 0 });
      await releaseBatch(db, { batchId, generation, failure: 'unavailable', meaning: 'outage' });
      // Not at once again: what is away is asked every two seconds, not four times in one.
      expect((await takeDueBatches(db, 100)).some((hint) => hint.batchId === batchId)).toBe(false);
    }
    await db.query(`update frame_batches set due_at = now() where id = $1`, [batchId]);
    expect((await takeDueBatches(db, 100)).some((hint) => hint.batchId === batchId)).toBe(true);
  });

  it('is tried again soon after an outage, though word that the queue took it comes later', async () => {
    const { batchId } = await aBatch();
    await claimBatch(db, { batchId, generation: 1 });
    await releaseBatch(db, { batchId, generation: 1, failure: 'unavailable', meaning: 'outage' });
    await markEnqueued(db, [{ batchId, generation: 1 }]);
    const { rows } = await db.query(
      `select due_at <= now() + interval '2 seconds' as soon from frame_batches where id = $1`,
      [batchId],
    );
    expect(rows).toEqual([{ soon: true }]);
  });

  it('is given up when start after start ends without a trace', async () => {
    const { batchId } = await aBatch();
    await db.query('update frame_batches set attempts_started = $2, due_at = now() where id = $1', [
      batchId,
      PROCESSING_LIMITS.maxStarts,
    ]);
    expect((await takeDueBatches(db, 100)).some((hint) => hint.batchId === batchId)).toBe(false);
    expect(await giveUpHopelessBatches(db)).toBeGreaterThanOrEqual(1);
  });
});
