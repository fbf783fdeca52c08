/** Puts all frames of the current attempt that no batch holds into batches: the outbox rows of inference. */
import type { Check } from '@livegate/db/checks';
import type { Queryable } from '@livegate/db/database';
import { type BatchHint, insertBatch } from '@livegate/db/frame-batches';
import { assignFramesToBatch, countFrames } from '@livegate/db/frames';
import { MAX_FRAMES_PER_BATCH } from '@livegate/domain/processing-limits';
import { currentTraceparent } from '@livegate/telemetry/trace-context';

export async function batchFrames(tx: Queryable, check: Check): Promise<BatchHint[]> {
  const attempt = { checkId: check.id, attempt: check.attempt };
  const traceparent = traceparentOf(check);
  const hints: BatchHint[] = [];
  for (let { unbatched } = await countFrames(tx, attempt); unbatched > 0; unbatched -= MAX_FRAMES_PER_BATCH) {
    const hint = await insertBatch(tx, { ...attempt, traceparent });
    await assignFramesToBatch(tx, { ...attempt, batchId: hint.batchId, limit: MAX_FRAMES_PER_BATCH });
    hints.push(hint);
  }
  return hints;
}

/** One trace per check: the request that created it is the root of all that follows. */
export function traceparentOf(check: Pick<Check, 'traceparent'>): string | null {
  return check.traceparent ?? currentTraceparent();
}
