/** The story of one job: claim → load frames → analyse in a child → record. A job is a hint; the batch row decides. */
import { createHash } from 'node:crypto';
import type { KeyRing } from '@livegate/crypto/key-ring';
import type { Database, Queryable } from '@livegate/db/database';
import { type ModelPrint, recordEvidence } from '@livegate/db/evidence';
import { type ClaimedBatch, claimBatch, markScored, releaseBatch } from '@livegate/db/frame-batches';
import { listFramesOfBatch, recordFrameScores } from '@livegate/db/frames';
import { CHANNELS, notify } from '@livegate/db/notifications';
import { keyPurpose } from '@livegate/domain/key-purpose';
import type { FrameStore } from '@livegate/frame-store/frame-store';
import type { Payload } from '@livegate/queues/catalog';
import { inferenceEnded } from '@livegate/telemetry/events';
import type { Logger } from '@livegate/telemetry/logger';
import { inSpan } from '@livegate/telemetry/spans';
import type { FrameFinding } from './child-protocol.ts';
import { afterFailure } from './failure-policy.ts';
import { InferenceFailed, type InferencePool } from './inference-pool.ts';
import { recordInstantVerdict } from './record-instant-verdict.ts';

export type InferenceDeps = {
  db: Database;
  frameStore: FrameStore<Queryable>;
  keyRing: KeyRing;
  pool: InferencePool;
  profile: string;
  /** The files that score, each with its SHA-256. */
  models: readonly ModelPrint[];
  logger: Logger;
};

/** Scores one batch. Returns when the outcome is in Postgres, whatever it is; a stale job does nothing. */
export async function runInference(deps: InferenceDeps, job: Payload<'inference'>): Promise<void> {
  const batch = await claimBatch(deps.db, job);
  if (!batch) return;
  try {
    const { seqs, images } = await loadFrames(deps, batch);
    const scores = await analyse(deps, images);
    await record(deps, { batch, seqs, images, scores });
  } catch (error) {
    const { failure, crashed } = afterFailure(error);
    deps.logger.warn('inference_failed', { batchId: batch.batchId, failure, error: error as Error });
    await releaseBatch(deps.db, { ...job, failure, crashed });
  }
}

async function loadFrames({ db, frameStore, keyRing }: InferenceDeps, batch: ClaimedBatch) {
  const { checkId, clientId, attempt } = batch;
  const dataKey = keyRing.unwrap(batch.dataKey, keyPurpose.frames(clientId, checkId));
  const seqs = await listFramesOfBatch(db, batch.batchId);
  const images = await Promise.all(
    seqs.map(async (seq) => {
      const image = await frameStore.get({ ref: { clientId, checkId, attempt, seq }, dataKey });
      if (!image) throw new Error(`frame ${seq} of batch ${batch.batchId} is gone`);
      return image;
    }),
  );
  return { seqs, images };
}

async function analyse({ pool, profile }: InferenceDeps, images: Uint8Array[]): Promise<FrameFinding[]> {
  const startedAt = performance.now();
  let outcome = 'failed';
  try {
    const scores = await inSpan(
      { name: 'inference', attributes: { 'livegate.frames': images.length, 'livegate.profile': profile } },
      () => pool.run(images),
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

type Outcome = { batch: ClaimedBatch; seqs: number[]; images: Uint8Array[]; scores: FrameFinding[] };

/** Scores and batch in one transaction, fenced by the generation: a late duplicate changes nothing. */
async function record(deps: InferenceDeps, { batch, seqs, images, scores }: Outcome): Promise<void> {
  const { db, frameStore, keyRing, profile, models } = deps;
  const frames = scores.map((score, index) => ({ ...score, seq: seqs[index] as number }));
  const prints = images.map((image, index) => ({ seq: seqs[index] as number, sha256: sha256Of(image) }));
  await db.transaction(async (tx) => {
    if (!(await markScored(tx, { ...batch, modelProfile: profile }))) return;
    await recordFrameScores(tx, { batchId: batch.batchId, frames });
    await recordEvidence(tx, { batchId: batch.batchId, models, frames: prints });
    if (batch.kind === 'instant') await recordInstantVerdict(tx, { batch, frames, frameStore, keyRing });
    else await notify(tx, CHANNELS.submissionScored, batch.checkId);
  });
}

function sha256Of(image: Uint8Array): Buffer {
  return createHash('sha256').update(image).digest();
}
