/** An instant check is decided where it is scored, in the same transaction: its caller is waiting. */
import { decisionClaims } from '@livegate/contracts/receipts';
import { webhookBody } from '@livegate/contracts/webhook-event';
import type { KeyRing } from '@livegate/crypto/key-ring';
import { STATEMENTS } from '@livegate/crypto/verify-statement';
import { recordRiskSignals } from '@livegate/db/checks';
import type { Queryable } from '@livegate/db/database';
import { issueReceipt } from '@livegate/db/decision-receipts';
import { finishCheck } from '@livegate/db/finish-check';
import type { ClaimedBatch } from '@livegate/db/frame-batches';
import { isImageElsewhere } from '@livegate/db/frame-evidence';
import { CHANNELS, notify } from '@livegate/db/notifications';
import { assessReuse, hasStrongSignal, type Risk, withRisk } from '@livegate/domain/risk-signals';
import { decideVerdict, type FrameScore, summariseFrames, type Verdict } from '@livegate/domain/verdict';
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
  const verdict = withRisk(decideVerdict(contract, summary, threshold), await weighReuse(tx, checkId));
  const boundingBox = frames[0]?.boundingBox ?? null;
  await finishCheck(tx, {
    checkId,
    // As for a hosted check: what the score does not show has none of its own.
    ending: {
      event: 'verdict',
      verdict,
      score: isSuspected(verdict) ? 0 : summary.score,
      boundingBox,
      keptDataKey: null,
    },
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

/** Whether the image was in another check, and what the client makes of that. */
async function weighReuse(tx: Queryable, checkId: string): Promise<Risk> {
  const identical = (await isImageElsewhere(tx, checkId)) ? 1 : 0;
  const signals = assessReuse({ identical });
  // Nearly always: then nothing is to be written, and no policy to be asked for.
  if (signals.length === 0) return { signals, policy: 'report' };
  return { signals, policy: await recordRiskSignals(tx, { checkId, signals, isStrong: hasStrongSignal(signals) }) };
}

function isSuspected({ reasons }: Verdict): boolean {
  return reasons.includes('INJECTION_SUSPECTED');
}
