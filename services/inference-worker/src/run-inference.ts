/** The story of one job: claim → load frames → analyse in a child → record. A job is a hint; the batch row decides. */
import type { KeyRing } from '@livegate/crypto/key-ring';
import type { Database, Queryable } from '@livegate/db/database';
import { type ClaimedBatch, claimBatch, markScored, releaseBatch } from '@livegate/db/frame-batches';
import { listFramesOfBatch, recordFrameScores } from '@livegate/db/frames';
import { CHANNELS, notify } from '@livegate/db/notifications';
import { keyPurpose } from '@livegate/domain/key-purpose';
import type { FrameStore } from '@livegate/frame-store/frame-store';
import type { Payload } from '@livegate/queues/catalog';
import { batchClaimed, frameScored, inferenceEnded } from '@livegate/telemetry/events';
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
  logger: Logger;
};

/** Scores one batch. Returns when the outcome is in Postgres, whatever it is; a stale job does nothing. */
export async function runInference(deps: InferenceDeps, job: Payload<'inference'>): Promise<void> {
  const batch = await claimBatch(deps.db, job);
  if (!batch) return;
  batchClaimed(batch);
  const startedAt = performance.now();
  try {
    const { seqs, images } = await loadFrames(deps, batch);
    const scores = await analyse(deps, images);
    await record(deps, { batch, seqs, scores });
    deps.logger.info('inference', { ...described(batch, startedAt), frames: seqs.length, outcome: 'scored' });
  } catch (error) {
    const { failure, ...how } = afterFailure(error);
    deps.logger.warn('inference', { ...described(batch, startedAt), outcome: failure, error: error as Error });
    await releaseBatch(deps.db, { ...job, failure, ...how });
  }
}

/** What the one line about a batch tells, whatever became of it: ids and times, no score. */
function described({ batchId, checkId, generation, kind, crashes, waitedSeconds }: ClaimedBatch, startedAt: number) {
  const ms = Math.round(performance.now() - startedAt);
  return { batch: batchId, check: checkId, generation, kind, crashes, waitedMs: Math.round(waitedSeconds * 1_000), ms };
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
    for (const frame of scores) frameScored(frame, { profile });
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
async function record({ db, frameStore, profile }: InferenceDeps, { batch, seqs, scores }: Outcome): Promise<void> {
  const frames = scores.map((score, index) => ({ ...score, seq: seqs[index] as number }));
  await db.transaction(async (tx) => {
    if (!(await markScored(tx, { ...batch, modelProfile: profile }))) return;
    await recordFrameScores(tx, { batchId: batch.batchId, frames });
    if (batch.kind === 'instant') await recordInstantVerdict(tx, { batch, frames, frameStore });
    else await notify(tx, CHANNELS.submissionScored, batch.checkId);
  });
}
