/** An instant check is decided where it is scored, in the same transaction: its caller is waiting. */
import { decisionClaims } from '@livegate/contracts/receipts';
import { webhookBody } from '@livegate/contracts/webhook-event';
import type { KeyRing } from '@livegate/crypto/key-ring';
import { STATEMENTS } from '@livegate/crypto/verify-statement';
import type { Queryable } from '@livegate/db/database';
import { issueReceipt } from '@livegate/db/decision-receipts';
import { finishCheck } from '@livegate/db/finish-check';
import type { ClaimedBatch } from '@livegate/db/frame-batches';
import { CHANNELS, notify } from '@livegate/db/notifications';
import { decideVerdict, type FrameScore, summariseFrames } from '@livegate/domain/verdict';
import type { FrameStore } from '@livegate/frame-store/frame-store';
import { checkMoved } from '@livegate/telemetry/events';

type Scored = {
  batch: ClaimedBatch;
  frames: readonly FrameScore[];
  frameStore: FrameStore<Queryable>;
  keyRing: KeyRing;
};

/** Ends the check with the verdict on its one image, and deletes the image. */
export async function recordInstantVerdict(
  tx: Queryable,
  { batch, frames, frameStore, keyRing }: Scored,
): Promise<void> {
  const { checkId, contract, threshold } = batch;
  const summary = summariseFrames(frames, 1);
  const verdict = decideVerdict(contract, summary, threshold);
  const boundingBox = frames[0]?.boundingBox ?? null;
  await finishCheck(tx, {
    checkId,
    ending: { event: 'verdict', verdict, score: summary.score, boundingBox, keptDataKey: null },
    buildBody: webhookBody,
  });
  await Promise.all([
    frameStore.removeAllBut(tx, checkId, []),
    notify(tx, CHANNELS.instantEnded, checkId),
    issueReceipt(tx, {
      checkId,
      sign: (facts) => keyRing.signing.sign(STATEMENTS.decision, decisionClaims(facts)),
    }),
  ]);
  checkMoved({ state: 'complete', reason: verdict.reasons[0] });
}
