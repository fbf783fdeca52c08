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
import { CHANNELS, notify } from '@livegate/db/notifications';
import { assessReuse, hasStrongSignal, type Risk, withRisk } from '@livegate/domain/risk-signals';
import { decideVerdict, type FrameScore, summariseFrames, type Verdict } from '@livegate/domain/verdict';
import type { FrameStore } from '@livegate/frame-store/frame-store';
import { checkMoved } from '@livegate/telemetry/events';

type Scored = {
  batch: ClaimedBatch;
  frames: readonly FrameScore[];
  /** Whether the same image is in another check. */
  isElsewhere: boolean;
  frameStore: FrameStore<Queryable>;
  keyRing: KeyRing;
};

/** Ends the check with the verdict on its one image, and deletes the image. */
export async function recordInstantVerdict(
  tx: Queryable,
  { batch, frames, isElsewhere, frameStore, keyRing }: Scored,
): Promise<void> {
  const { checkId, contract, threshold } = batch;
  const summary = summariseFrames(frames, 1);
  const verdict = withRisk(decideVerdict(contract, summary, threshold), await weighReuse(tx, { checkId, isElsewhere }));
  const boundingBox = frames[0]?.boundingBox ?? null;
  const ended = finishCheck(tx, {
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
  // What follows does not wait for the end's answer, it only has to come after it.
  await Promise.all([
    ended,
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
async function weighReuse(
  tx: Queryable,
  { checkId, isElsewhere }: { checkId: string; isElsewhere: boolean },
): Promise<Risk> {
  const signals = assessReuse({ identical: isElsewhere ? 1 : 0 });
  // Nearly always: then nothing is to be written, and no policy to be asked for.
  if (signals.length === 0) return { signals, policy: 'report' };
  return { signals, policy: await recordRiskSignals(tx, { checkId, signals, isStrong: hasStrongSignal(signals) }) };
}

function isSuspected({ reasons }: Verdict): boolean {
  return reasons.includes('INJECTION_SUSPECTED');
}
