/** The story of one job: claim → load frames → analyse in a child → record. A job is a hint; the batch row decides. */
import type { KeyRing } from '@livegate/crypto/key-ring';
import { listChallengeFrames } from '@livegate/db/challenge-frames';
import { lockCheck } from '@livegate/db/checks';
import type { Database, Queryable } from '@livegate/db/database';
import { type ClaimedBatch, claimBatch, markScored, releaseBatch } from '@livegate/db/frame-batches';
import { listFramesOfBatch, recordFrameScores } from '@livegate/db/frames';
import { CHANNELS, notify } from '@livegate/db/notifications';
import { referenceFrame } from '@livegate/domain/follow-challenge';
import { keyPurpose } from '@livegate/domain/key-purpose';
import type { FrameStore } from '@livegate/frame-store/frame-store';
import type { Payload } from '@livegate/queues/catalog';
import { inferenceEnded } from '@livegate/telemetry/events';
import type { Logger } from '@livegate/telemetry/logger';
import { inSpan } from '@livegate/telemetry/spans';
import { advanceChallenge } from './advance-challenge.ts';
import type { FrameFinding, HeadRequest } from './child-protocol.ts';
import { afterFailure } from './failure-policy.ts';
import { InferenceFailed, type InferencePool } from './inference-pool.ts';
import { recordInstantVerdict } from './record-instant-verdict.ts';

export type InferenceDeps = {
  db: Database;
  frameStore: FrameStore<Queryable>;
  keyRing: KeyRing;
  pool: InferencePool;
  profile: string;
  logger: Logger;
};

/** Scores one batch. Returns when the outcome is in Postgres, whatever it is; a stale job does nothing. */
export async function runInference(deps: InferenceDeps, job: Payload<'inference'>): Promise<void> {
  const batch = await claimBatch(deps.db, job);
  if (!batch) return;
  try {
    const { seqs, images, heads } = await loadFrames(deps, batch);
    const scores = await analyse(deps, images, heads);
    await record(deps, { batch, seqs, scores });
  } catch (error) {
    const { failure, crashed } = afterFailure(error);
    deps.logger.warn('inference_failed', { batchId: batch.batchId, failure, error: error as Error });
    await releaseBatch(deps.db, { ...job, failure, crashed });
  }
}

async function loadFrames({ db, frameStore, keyRing }: InferenceDeps, batch: ClaimedBatch) {
  const { checkId, clientId, attempt } = batch;
  const dataKey = keyRing.unwrap(batch.dataKey, keyPurpose.frames(clientId, checkId));
  const load = async (seq: number) => {
    const image = await frameStore.get({ ref: { clientId, checkId, attempt, seq }, dataKey });
    if (!image) throw new Error(`frame ${seq} of batch ${batch.batchId} is gone`);
    return image;
  };
  const seqs = await listFramesOfBatch(db, batch.batchId);
  const images = await Promise.all(seqs.map(load));
  const heads = batch.challenge === 'none' ? undefined : await findReference(db, { checkId, attempt, load });
  return { seqs, images, heads };
}

/** The frame against which the motion of a head is measured: the first frontal one of this attempt. */
async function findReference(
  db: Queryable,
  { load, ...attempt }: { checkId: string; attempt: number; load: (seq: number) => Promise<Uint8Array> },
): Promise<HeadRequest> {
  const frame = referenceFrame(await listChallengeFrames(db, attempt));
  if (!frame?.boundingBox) return { reference: null };
  return { reference: { image: await load(frame.seq), face: frame.boundingBox } };
}

async function analyse(
  { pool, profile }: InferenceDeps,
  images: Uint8Array[],
  heads: HeadRequest | undefined,
): Promise<FrameFinding[]> {
  const startedAt = performance.now();
  let outcome = 'failed';
  try {
    const scores = await inSpan(
      { name: 'inference', attributes: { 'livegate.frames': images.length, 'livegate.profile': profile } },
      () => pool.run(images, heads),
    );
    outcome = 'scored';
    return scores;
  } catch (error) {
    if (error instanceof InferenceFailed) outcome = error.kind;
    throw error;
  } finally {
    inferenceEnded({ seconds: (performance.now() - startedAt) / 1_000, outcome, profile });
  }
}

type Outcome = { batch: ClaimedBatch; seqs: number[]; scores: FrameFinding[] };

/** Scores and batch in one transaction, fenced by the generation: a late duplicate changes nothing. */
async function record(
  { db, frameStore, keyRing, profile }: InferenceDeps,
  { batch, seqs, scores }: Outcome,
): Promise<void> {
  const frames = scores.map(({ look, ...score }, index) => ({
    ...score,
    look: look ? keyRing.digest(look, keyPurpose.frameLook) : null,
    seq: seqs[index] as number,
  }));
  await db.transaction(async (tx) => {
    // The order in which the api locks: check, then batch.
    if (batch.challenge !== 'none') await lockCheck(tx, batch.checkId);
    if (!(await markScored(tx, { ...batch, modelProfile: profile }))) return;
    await recordFrameScores(tx, { batchId: batch.batchId, frames });
    if (batch.kind === 'instant') await recordInstantVerdict(tx, { batch, frames, frameStore });
    else {
      if (batch.challenge !== 'none') await advanceChallenge(tx, batch);
      await notify(tx, CHANNELS.submissionScored, batch.checkId);
    }
  });
}
