/** The story of one job: claim → load frames → analyse in a child → record. A job is a hint; the batch row decides. */
import { createHash } from 'node:crypto';
import type { KeyRing } from '@livegate/crypto/key-ring';
import { listChallengeFrames } from '@livegate/db/challenge-frames';
import { announceScores, lockCheck } from '@livegate/db/checks';
import type { Database, Queryable } from '@livegate/db/database';
import { type ClaimedBatch, claimBatch, markScored, releaseBatch } from '@livegate/db/frame-batches';
import { isImageElsewhere } from '@livegate/db/frame-evidence';
import { recordFrameScores } from '@livegate/db/frames';
import { referenceFrame } from '@livegate/domain/follow-challenge';
import { keyPurpose } from '@livegate/domain/key-purpose';
import { PROCESSING_LIMITS } from '@livegate/domain/processing-limits';
import type { FrameStore } from '@livegate/frame-store/frame-store';
import type { BatchPayload } from '@livegate/queues/catalog';
import { batchClaimed, frameScored, inferenceEnded, shadowScored } from '@livegate/telemetry/events';
import type { Logger } from '@livegate/telemetry/logger';
import { inSpan } from '@livegate/telemetry/spans';
import { advanceChallenge } from './advance-challenge.ts';
import type { BatchRequest, FrameFinding, HeadRequest } from './child-protocol.ts';
import { afterFailure } from './failure-policy.ts';
import { InferenceFailed, type InferencePool } from './inference-pool.ts';
import { recordInstantVerdict } from './record-instant-verdict.ts';

export type InferenceDeps = {
  db: Database;
  frameStore: FrameStore<Queryable>;
  keyRing: KeyRing;
  pool: InferencePool;
  profile: string;
  /** Digest of the recorded set of models that the pool scores with. */
  modelSet: string;
  logger: Logger;
};

/** Scores one batch. Returns when the outcome is in Postgres, whatever it is; a stale job does nothing. */
export async function runInference(deps: InferenceDeps, job: BatchPayload): Promise<void> {
  const batch = await claimBatch(deps.db, job);
  if (!batch) return;
  batchClaimed(batch);
  const startedAt = performance.now();
  try {
    // What was in hand when two children died is tried once more where it can hurt and be hurt by nobody.
    const alone = batch.crashes >= PROCESSING_LIMITS.crashesBeforeAlone;
    const request = await loadFrames(deps, batch);
    const scores = await analyse(deps, request, { alone });
    await record(deps, { batch, images: request.frames, scores });
    deps.logger.info('inference', { ...described(batch, startedAt), outcome: 'scored' });
  } catch (error) {
    const after = afterFailure(error, batch);
    deps.logger.warn('inference', { ...described(batch, startedAt), outcome: after.failure, error: error as Error });
    await releaseBatch(deps.db, { ...job, ...after });
  }
}

/** What the one line about a batch tells, whatever became of it: ids and times, no score. */
function described(batch: ClaimedBatch, startedAt: number) {
  const { batchId, checkId, generation, kind, crashes, seqs, waitedSeconds } = batch;
  return {
    batch: batchId,
    check: checkId,
    generation,
    kind,
    crashes,
    frames: seqs.length,
    waitedMs: Math.round(waitedSeconds * 1_000),
    ms: Math.round(performance.now() - startedAt),
  };
}

async function loadFrames({ db, frameStore, keyRing }: InferenceDeps, batch: ClaimedBatch): Promise<BatchRequest> {
  const { checkId, clientId, attempt, seqs } = batch;
  const dataKey = keyRing.unwrap(batch.dataKey, keyPurpose.frames(clientId, checkId));
  const load = async (seq: number) => {
    const image = await frameStore.get({ ref: { clientId, checkId, attempt, seq }, dataKey });
    if (!image) throw new Error(`frame ${seq} of batch ${batch.batchId} is gone`);
    return image;
  };
  const frames = await Promise.all(seqs.map(load));
  const heads = batch.challenge === 'none' ? undefined : await findReference(db, { checkId, attempt, load });
  return { frames, heads };
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
  { frames, heads }: BatchRequest,
  { alone }: { alone: boolean },
): Promise<FrameFinding[]> {
  const startedAt = performance.now();
  let outcome = 'failed';
  try {
    const scores = await inSpan(
      { name: 'inference', attributes: { 'livegate.frames': frames.length, 'livegate.profile': profile } },
      () => (alone ? pool.runAlone(frames, heads) : pool.run(frames, heads)),
    );
    outcome = 'scored';
    for (const frame of scores) frameScored(frame, { profile });
    compareShadows(scores);
    return scores;
  } catch (error) {
    if (error instanceof InferenceFailed) outcome = error.kind;
    throw error;
  } finally {
    inferenceEnded({ seconds: (performance.now() - startedAt) / 1_000, outcome, profile });
  }
}

/** What candidates would have said goes into metrics and nowhere else. */
function compareShadows(findings: readonly FrameFinding[]): void {
  for (const { score: live, shadowScores } of findings) {
    if (live === null) continue;
    for (const [shadow, score] of Object.entries(shadowScores)) shadowScored({ shadow, live, score });
  }
}

type Outcome = { batch: ClaimedBatch; images: readonly Uint8Array[]; scores: readonly FrameFinding[] };

/** Scores and batch in one transaction, fenced by the generation: a late duplicate changes nothing. */
async function record(deps: InferenceDeps, { batch, images, scores }: Outcome): Promise<void> {
  const { db, frameStore, keyRing, profile, modelSet } = deps;
  const frames = scores.map(({ look, ...score }, index) => ({
    ...score,
    look: look ? keyRing.digest(look, keyPurpose.frameLook) : null,
    seq: batch.seqs[index] as number,
    sha256: sha256Of(images[index] as Uint8Array),
  }));
  await db
    .transaction(async (tx) => {
      // The order in which the api locks: check, then batch. All of it leaves in one packet: a batch that is not ours any more
      // takes the rest back with it.
      const [, , isOurs, , isElsewhere] = await Promise.all([
        batch.challenge === 'none' ? null : lockCheck(tx, batch.checkId),
        batch.kind === 'hosted' ? announceScores(tx, batch.checkId) : null,
        markScored(tx, { ...batch, modelProfile: profile, modelSet }),
        recordFrameScores(tx, { batchId: batch.batchId, frames }),
        batch.kind === 'instant' && isImageElsewhere(tx, batch.checkId),
      ]);
      if (!isOurs) throw FENCED_OUT;
      if (batch.kind === 'instant') await recordInstantVerdict(tx, { batch, frames, isElsewhere, frameStore, keyRing });
      else if (batch.challenge !== 'none') await advanceChallenge(tx, batch);
    })
    .catch((error: unknown) => {
      if (error !== FENCED_OUT) throw error;
    });
}

const FENCED_OUT = new Error('another generation owns the batch');

function sha256Of(image: Uint8Array): Buffer {
  return createHash('sha256').update(image).digest();
}
