/** One submission, wholly scored, becomes a verdict, another attempt, or a failure. */
import { decisionClaims } from '@livegate/contracts/receipts';
import { webhookBody } from '@livegate/contracts/webhook-event';
import type { KeyRing } from '@livegate/crypto/key-ring';
import { STATEMENTS } from '@livegate/crypto/verify-statement';
import { type Check, isWhollyScored, lockCheck, returnAttempt } from '@livegate/db/checks';
import type { Queryable } from '@livegate/db/database';
import { issueReceipt } from '@livegate/db/decision-receipts';
import { finishCheck } from '@livegate/db/finish-check';
import { listScoredFrames, markKeptFrames, type ScoredFrame } from '@livegate/db/frames';
import { wordsFor } from '@livegate/domain/reasons';
import { decideVerdict, type Summary, summariseFrames } from '@livegate/domain/verdict';
import { captureStepped, checkMoved, verdictReached } from '@livegate/telemetry/events';
import { inSpan } from '@livegate/telemetry/spans';
import { withTraceparent } from '@livegate/telemetry/trace-context';
import { chooseKeptFrames } from './choose-kept-frames.ts';
import { keepDataKey } from './keep-data-key.ts';
import type { SweepDeps } from './sweep.ts';

/** Decides the check if it is ready to be decided; false when it is not (any more). Safe to call twice at once. */
export async function decideCheck({ db, frameStore, keyRing }: SweepDeps, checkId: string): Promise<boolean> {
  return db.transaction(async (tx) => {
    const check = await lockCheck(tx, checkId);
    if (check.state !== 'in_progress' || !check.submittedAt || !(await isWhollyScored(tx, checkId))) return false;
    return withTraceparent(check.traceparent, () =>
      inSpan({ name: 'decide check', attributes: { 'livegate.check': checkId } }, async () => {
        const frames = await listScoredFrames(tx, { checkId, attempt: check.attempt });
        const summary = summariseFrames(frames);
        const keep = summary.score === null ? [] : await decide(tx, keyRing, { check, frames, summary });
        if (summary.score === null) await tryAgainOrFail(tx, check, summary);
        await frameStore.removeAllBut(tx, checkId, keep);
        return true;
      }),
    );
  });
}

type Evidence = { check: Check; frames: ScoredFrame[]; summary: Summary };

/** Ends the check with its verdict and returns the frames that are kept. */
async function decide(tx: Queryable, keyRing: KeyRing, { check, frames, summary }: Evidence) {
  const verdict = decideVerdict(check.contract, summary, check.threshold);
  const { probe, audit } = chooseKeptFrames(frames, { score: summary.score as number, auditImages: check.auditImages });
  await markKeptFrames(tx, {
    checkId: check.id,
    attempt: check.attempt,
    probe: probe.seq,
    audit: audit.map(({ seq }) => seq),
  });
  const keptDataKey = await keepDataKey(tx, keyRing, check);
  await finishCheck(tx, {
    checkId: check.id,
    ending: { event: 'verdict', verdict, score: summary.score, boundingBox: probe.boundingBox, keptDataKey },
    buildBody: webhookBody,
  });
  await issueReceipt(tx, {
    checkId: check.id,
    sign: (facts) => keyRing.signing.sign(STATEMENTS.decision, decisionClaims(facts)),
  });
  checkMoved({ state: 'complete', reason: verdict.reasons[0] });
  verdictReached({ seconds: check.secondsSinceSubmission ?? 0 });
  if (!keptDataKey) return [];
  return [probe, ...audit].map(({ seq }) => ({ attempt: check.attempt, seq }));
}

/** "Not evaluated" is not "attack": the person tries again while attempts and time remain, then the check fails. */
async function tryAgainOrFail(tx: Queryable, check: Check, { reasons }: Summary): Promise<void> {
  if (await returnAttempt(tx, { checkId: check.id, words: wordsFor(reasons) })) return captureStepped('returned');
  await finishCheck(tx, {
    checkId: check.id,
    ending: { event: 'fail', failureReason: 'attempts_exhausted', reasons },
    buildBody: webhookBody,
  });
  checkMoved({ state: 'failed', reason: 'attempts_exhausted' });
}
