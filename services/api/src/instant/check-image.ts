/** The story of a one-shot check: admit → store and enqueue → wait for the worker → read the verdict, in one request. */
import { webhookBody } from '@livegate/contracts/webhook-event';
import type { KeyRing } from '@livegate/crypto/key-ring';
import type { Database, Queryable } from '@livegate/db/database';
import { finishCheck } from '@livegate/db/finish-check';
import { type BatchHint, insertLoneFrame } from '@livegate/db/frame-batches';
import { getInstantOutcome, insertInstantCheck } from '@livegate/db/instant-checks';
import { CodedError } from '@livegate/domain/errors';
import type { FailureLock } from '@livegate/domain/failure-lock';
import { newId } from '@livegate/domain/ids';
import { keyPurpose } from '@livegate/domain/key-purpose';
import { PROCESSING_LIMITS } from '@livegate/domain/processing-limits';
import type { FrameStore } from '@livegate/frame-store/frame-store';
import { currentTraceparent } from '@livegate/telemetry/trace-context';
import { type EnqueueDeps, enqueueBatches } from '../handlers/enqueue-batches.ts';
import { newDataKeyFor } from '../handlers/new-data-key.ts';
import { requirePatience } from '../http/failure-lock.ts';
import { notePerson } from '../http/person-reference.ts';
import { requireRoomForCheck } from '../http/rate-limit.ts';
import { playImage } from '../sandbox/play-image.ts';
import type { Admission } from './admission.ts';
import type { ImageVerdict, ImageWish } from './image-verdict.ts';
import type { OutcomeWaiter } from './outcome-waiter.ts';
import { timeLimit } from './time-limit.ts';

export type CheckImageDeps = EnqueueDeps & {
  db: Database;
  frameStore: FrameStore<Queryable>;
  keyRing: KeyRing;
  admission: Admission;
  outcomes: OutcomeWaiter;
  failureLock: FailureLock;
};

/**
 * Checks one image. `gone` fires when the caller leaves: the check then ends and costs nothing more. Throws `overloaded`,
 * `unreadable_image`, `deadline`, or `internal` when scoring failed.
 */
export async function checkImage(deps: CheckImageDeps, wish: ImageWish, gone: AbortSignal): Promise<ImageVerdict> {
  const id = newId('check');
  const { reference } = wish;
  if (wish.caller.mode === 'test') return { reference, ...(await playImage(deps.db, { ...wish, id }, gone)) };
  await deps.admission.require('instant');
  const limit = timeLimit(gone, PROCESSING_LIMITS.instantSeconds * 1_000);
  const ended = deps.outcomes.wait(id, limit.signal).finally(limit.release);
  await enqueueBatches(deps, [await store(deps, { ...wish, id })]);
  if (!(await ended)) {
    if (gone.aborted) await abandon(deps, id);
    throw new CodedError('deadline', 'No verdict was reached in time; please try again shortly.');
  }
  return { reference, ...(await readVerdict(deps.db, id)) };
}

async function store(
  { db, frameStore, keyRing, failureLock }: CheckImageDeps,
  { id, caller, image, ...wish }: ImageWish & { id: string },
): Promise<BatchHint> {
  const { clientId, databaseTime } = caller;
  return db.transaction(async (tx) => {
    await requirePatience(tx, { keyRing, failureLock }, caller);
    await requireRoomForCheck(tx, caller);
    const seconds = PROCESSING_LIMITS.instantSeconds;
    const { dataKey, wrapped } = await newDataKeyFor(keyRing, { clientId, checkId: id, seconds, databaseTime });
    const inserted = insertInstantCheck(tx, {
      id,
      clientId,
      reference: wish.reference,
      contract: wish.contract,
      threshold: wish.threshold,
      dataKey: wrapped,
      deadlineSeconds: PROCESSING_LIMITS.instantSeconds,
      collectionId: wish.collectionId ?? null,
      captureOs: wish.captureOs ?? null,
      traceparent: currentTraceparent(),
      scenario: null,
    });
    const fingerprint = keyRing.digest(image, keyPurpose.frameFingerprint);
    // In one packet, the check first.
    const [hint] = await Promise.all([
      insertLoneFrame(tx, { checkId: id, bytes: image.length, fingerprint, traceparent: currentTraceparent() }),
      frameStore.put(tx, { ref: { clientId, checkId: id, attempt: 1, seq: 0 }, dataKey, image }),
      notePerson(tx, keyRing, { checkId: id, caller }),
      inserted,
    ]);
    return hint;
  });
}

async function readVerdict(db: Queryable, checkId: string): Promise<Omit<ImageVerdict, 'reference'>> {
  const outcome = await getInstantOutcome(db, checkId);
  if (outcome.state !== 'complete' || outcome.passed === null || outcome.confidence === null || !outcome.finishedAt) {
    throw outcome.failureReason === 'deadline'
      ? new CodedError('deadline', 'No verdict was reached in time; please try again shortly.')
      : new CodedError('internal', 'The image could not be scored; quote the reference.');
  }
  if (outcome.reasons.includes('UNREADABLE_IMAGE') || outcome.width === null || outcome.height === null) {
    throw new CodedError('unreadable_image', 'The image is damaged, or has more than 25 million pixels.');
  }
  const { passed, confidence, reasons, riskSignals, needsReview, width, height, faces, receipt } = outcome;
  return {
    passed,
    riskSignals,
    needsReview,
    confidence,
    reasons,
    width,
    height,
    faces: faces ?? [],
    requestedAt: outcome.createdAt,
    processedAt: outcome.finishedAt,
    receipt,
    scenario: null,
  };
}

/** The caller left: the check ends, its image goes, and a job that has not begun finds nothing to do. */
async function abandon({ db, frameStore }: CheckImageDeps, checkId: string): Promise<void> {
  await db.transaction(async (tx) => {
    const ending = { event: 'fail' as const, failureReason: 'abandoned' as const, reasons: [] };
    if (await finishCheck(tx, { checkId, ending, buildBody: webhookBody }))
      await frameStore.removeAllBut(tx, checkId, []);
  });
}
