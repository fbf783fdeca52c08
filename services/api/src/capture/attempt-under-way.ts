/** What becomes of an attempt that was begun and is not to go on: it is void, or it counts. */
import { deleteSteps, listSteps } from '@livegate/db/challenge-steps';
import { acceptSubmission, type Check } from '@livegate/db/checks';
import type { Queryable } from '@livegate/db/database';
import type { BatchHint } from '@livegate/db/frame-batches';
import { deleteAttempt } from '@livegate/db/frames';
import { CHANNELS, notify } from '@livegate/db/notifications';
import type { FrameStore } from '@livegate/frame-store/frame-store';
import { batchFrames } from './batch-frames.ts';

/** Whether the person was asked for a move already: then a new start would show them, or a recording, another sequence. */
export async function isBeyondFirstStep(
  tx: Queryable,
  { id: checkId, attempt, challenge, submittedAt }: Check,
): Promise<boolean> {
  if (challenge === 'none' || submittedAt) return false;
  return (await listSteps(tx, { checkId, attempt })).filter(({ nonce }) => nonce !== null).length > 1;
}

/** What has come so far is the submission: it is judged like any other, and the person goes on from there. */
export async function giveUpAttempt(tx: Queryable, check: Check): Promise<BatchHint[]> {
  await acceptSubmission(tx, { checkId: check.id, sessionDigest: check.sessionDigest as Buffer });
  await notify(tx, CHANNELS.submissionScored, check.id);
  return batchFrames(tx, check);
}

/** What an abandoned start of this attempt was asked for and had sent is void. */
export async function voidAttempt(
  tx: Queryable,
  { check, frameStore }: { check: Pick<Check, 'id' | 'attempt'>; frameStore: FrameStore<Queryable> },
): Promise<void> {
  await deleteSteps(tx, { checkId: check.id, attempt: check.attempt });
  await deleteAttempt(tx, { checkId: check.id, attempt: check.attempt });
  await frameStore.removeAllBut(tx, check.id, []);
}
