import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openKeyRing } from '@livegate/crypto/key-ring';
import { listChecksToFail, startCapture } from '@livegate/db/checks';
import { insertBatch } from '@livegate/db/frame-batches';
import { deleteFrameBlobs, findFrameBlob, insertFrameBlob } from '@livegate/db/frame-blobs';
import { assignFramesToBatch, insertFrame, listScoredFrames } from '@livegate/db/frames';
import { recordModelSet } from '@livegate/db/model-sets';
import { newId } from '@livegate/domain/ids';
import { keyPurpose } from '@livegate/domain/key-purpose';
import { encryptFrames } from '@livegate/frame-store/frame-store';
import { postgresFrames } from '@livegate/frame-store/postgres-frames';
import { createLogger } from '@livegate/telemetry/logger';
import { aCheck, aClient } from '@livegate/test-kit/builders';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { afterAll, expect, it } from 'vitest';
import { openInferencePool } from './inference-pool.ts';
import { runInference } from './run-inference.ts';

const { db } = await cloneDatabase();
const directory = await mkdtemp(join(tmpdir(), 'livegate-worker-'));
const keyRing = await openKeyRing({ dir: directory });
const frameStore = encryptFrames(postgresFrames(db, { insertFrameBlob, findFrameBlob, deleteFrameBlobs }));
const lost: string[] = [];
const pool = openInferencePool({
  size: 1,
  settings: { profile: 'baseline', modelsDir: '', manifest: null, provider: 'cpu', observesHeads: true },
  limitMs: 2_000,
  onChildLost: (why) => lost.push(why),
  program: new URL('./test-programs/misbehaving-child.mjs', import.meta.url),
});
const modelSet = {
  digest: 'a'.repeat(64),
  profile: 'baseline',
  models: [{ id: 'a_model', sha256: 'b'.repeat(64) }],
  recipe: { limit: 3 },
};
await recordModelSet(db, modelSet);
const deps = {
  db,
  frameStore,
  keyRing,
  pool,
  profile: 'baseline',
  modelSet: modelSet.digest,
  logger: createLogger({ service: 'test', level: 'silent' }),
};
afterAll(async () => {
  await pool.close();
  await rm(directory, { recursive: true });
});

/** A batch of one frame, on which the misbehaving child does what its first byte says. */
async function aBatch(behaviour: number) {
  const id = newId('check');
  const clientId = await aClient(db);
  const dataKey = randomBytes(32);
  await aCheck(db, { id, clientId, dataKey: keyRing.wrap(dataKey, keyPurpose.frames(clientId, id)) });
  await startCapture(db, { checkId: id, sessionDigest: randomBytes(32) });
  const { batchId } = await insertBatch(db, { checkId: id, attempt: 1, traceparent: null });
  await insertFrame(db, { checkId: id, attempt: 1, seq: 0, bytes: 1 });
  await frameStore.put(db, {
    ref: { clientId, checkId: id, attempt: 1, seq: 0 },
    dataKey,
    image: Buffer.of(behaviour),
  });
  await assignFramesToBatch(db, { checkId: id, attempt: 1, batchId, limit: 4 });
  return { checkId: id, batchId };
}
const batchRow = async (batchId: string) =>
  (
    await db.query(
      'select crashes, attempts_started, given_up_at is not null as given_up, scored_at is not null as scored, model_set from frame_batches where id = $1',
      [batchId],
    )
  ).rows[0];

it('records the scores of a batch once, whatever the queue does', async () => {
  const { checkId, batchId } = await aBatch(9);
  await Promise.all([runInference(deps, { batchId, generation: 1 }), runInference(deps, { batchId, generation: 1 })]);
  await runInference(deps, { batchId, generation: 1 });
  expect(await listScoredFrames(db, { checkId, attempt: 1 })).toEqual([
    { seq: 0, score: 0.9, reasons: [], boundingBox: null },
  ]);
  expect(await batchRow(batchId)).toMatchObject({ scored: true, crashes: 0, model_set: modelSet.digest });
});

it('does nothing for a job of another generation', async () => {
  const { batchId } = await aBatch(9);
  await runInference(deps, { batchId, generation: 7 });
  expect(await batchRow(batchId)).toMatchObject({ scored: false, attempts_started: 0 });
});

it('runs poison three times, the third time alone, then never again, and leaves its neighbours alone', async () => {
  lost.length = 0;
  const poison = await aBatch(1);
  const neighbour = await aBatch(9);
  for (let run = 0; run < 5; run += 1) await runInference(deps, { batchId: poison.batchId, generation: 1 });
  await runInference(deps, { batchId: neighbour.batchId, generation: 1 });
  expect(await batchRow(poison.batchId)).toMatchObject({
    crashes: 3,
    attempts_started: 3,
    given_up: true,
    scored: false,
  });
  expect(await batchRow(neighbour.batchId)).toMatchObject({ scored: true });
  // Two children of the pool died of it, not three.
  expect(lost).toHaveLength(2);
});

it('gives up a batch whose frame was altered, and does not blame the child', async () => {
  const { checkId, batchId } = await aBatch(9);
  await db.query('update frame_blobs set sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1) where check_id = $1', [
    checkId,
  ]);
  await runInference(deps, { batchId, generation: 1 });
  expect(await batchRow(batchId)).toMatchObject({ scored: false, crashes: 0, given_up: true });
  expect(await listChecksToFail(db, 10)).toContainEqual({ checkId, failureReason: 'processing_error' });
});
