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
import { openReview } from '@livegate/db/reviews';
import { type ReasonCode, wordsFor } from '@livegate/domain/reasons';
import { reviewCauses } from '@livegate/domain/review';
import { type Risk, withRisk } from '@livegate/domain/risk-signals';
import { CONTRACTS } from '@livegate/domain/thresholds';
import { decideVerdict, type Verdict } from '@livegate/domain/verdict';
import { captureStepped, checkMoved, verdictReached } from '@livegate/telemetry/events';
import { inSpan } from '@livegate/telemetry/spans';
import { withTraceparent } from '@livegate/telemetry/trace-context';
import { chooseKeptFrames } from './choose-kept-frames.ts';
import { keepDataKey } from './keep-data-key.ts';
import { type Submission, summariseSubmission, weighRisk } from './summarise-submission.ts';
import type { SweepDeps } from './sweep.ts';

/** Decides the check if it is ready to be decided; false when it is not (any more). Safe to call twice at once. */
export async function decideCheck({ db, frameStore, keyRing }: SweepDeps, checkId: string): Promise<boolean> {
  return db.transaction(async (tx) => {
    const [check, isScored] = await Promise.all([lockCheck(tx, checkId), isWhollyScored(tx, checkId)]);
    if (check.state !== 'in_progress' || !check.submittedAt || !isScored) return false;
    return withTraceparent(check.traceparent, () =>
      inSpan({ name: 'decide check', attributes: { 'livegate.check': checkId } }, async () => {
        const frames = await listScoredFrames(tx, { checkId, attempt: check.attempt });
        const submission = await summariseSubmission(tx, { check, frames });
        const risk = await weighRisk(tx, check);
        const reached = verdictOn(check, submission);
        const verdict = reached && withRisk(reached, risk);
        if (verdict) {
          const keep = await decide(tx, keyRing, { check, frames, submission, verdict, risk });
          await frameStore.removeAllBut(tx, checkId, keep);
        } else {
          await tryAgainOrFail(tx, check, [...new Set([...submission.unmet, ...submission.summary.reasons])]);
          await frameStore.removeAttempt(tx, checkId, check.attempt);
        }
        return true;
      }),
    );
  });
}

/** The verdict, or null when none can be reached: no score, or a challenge that was not met by what looks genuine. */
function verdictOn({ contract, threshold }: Check, { summary, attack, unmet }: Submission): Verdict | null {
  if (attack.length > 0) return { passed: false, confidence: 0, threshold, reasons: attack };
  if (summary.score === null) return null;
  const verdict = decideVerdict(contract, summary, threshold);
  return verdict.passed && unmet.length > 0 ? null : verdict;
}

type Evidence = { check: Check; frames: ScoredFrame[]; submission: Submission; verdict: Verdict; risk: Risk };

/** Ends the check with its verdict and returns the frames that are kept. */
async function decide(tx: Queryable, keyRing: KeyRing, { check, frames, submission, verdict, risk }: Evidence) {
  // An attack that the score does not show has none of its own: 0 is what its confidence says.
  const score = verdict.confidence === 0 ? 0 : submission.summary.score;
  const { probe, audit } = chooseKeptFrames(frames, {
    score: submission.summary.score ?? 1,
    auditImages: check.auditImages,
    mayBeProbe: submission.mayBeProbe,
  });
  const [keptDataKey] = await Promise.all([
    keepDataKey(tx, keyRing, check),
    markKeptFrames(tx, {
      checkId: check.id,
      attempt: check.attempt,
      probe: probe.seq,
      audit: audit.map(({ seq }) => seq),
    }),
  ]);
  await finishCheck(tx, {
    checkId: check.id,
    ending: { event: 'verdict', verdict, score, boundingBox: probe.boundingBox, keptDataKey },
    buildBody: webhookBody,
  });
  await issueReceipt(tx, {
    checkId: check.id,
    sign: (facts) => keyRing.signing.sign(STATEMENTS.decision, decisionClaims(facts)),
  });
  checkMoved({ state: 'complete', reason: verdict.reasons[0] });
  captureStepped(verdict.passed ? 'passed' : 'not_passed');
  verdictReached({ seconds: check.secondsSinceSubmission ?? 0 });
  if (!keptDataKey) return [];
  const causes = reviewCauses({ ...check, confidence: scoreAsPrinted(check, submission), verdict, ...risk });
  if (causes.length > 0) await openReview(tx, { checkId: check.id, causes });
  return [probe, ...audit].map(({ seq }) => ({ attempt: check.attempt, seq }));
}

/** What the frames alone say, on the contract's scale: a verdict that rests on something else prints 0. */
function scoreAsPrinted({ contract }: Check, { summary: { score } }: Submission): number | null {
  const { round, scale } = CONTRACTS[contract];
  return score === null ? null : round(score * scale);
}

/** "Not evaluated" is not "attack": the person tries again while attempts and time remain, then the check fails. */
async function tryAgainOrFail(tx: Queryable, check: Check, reasons: ReasonCode[]): Promise<void> {
  const again = { checkId: check.id, reason: reasons[0] ?? null, words: wordsFor(reasons) };
  if (await returnAttempt(tx, again)) return captureStepped('returned');
  await finishCheck(tx, {
    checkId: check.id,
    ending: { event: 'fail', failureReason: 'attempts_exhausted', reasons },
    buildBody: webhookBody,
  });
  checkMoved({ state: 'failed', reason: 'attempts_exhausted' });
}
