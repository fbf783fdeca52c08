/** What the frames of a submission say together: the score, and what the challenge has to say against it. */
import { listChallengeFrames } from '@livegate/db/challenge-frames';
import { listSteps } from '@livegate/db/challenge-steps';
import { type Check, recordRiskSignals } from '@livegate/db/checks';
import type { Queryable } from '@livegate/db/database';
import { countSeenElsewhere, listFrameEvidence } from '@livegate/db/frame-evidence';
import type { ScoredFrame } from '@livegate/db/frames';
import { judgeChallenge } from '@livegate/domain/follow-challenge';
import { REASONS, type ReasonCode } from '@livegate/domain/reasons';
import { assessFrames, hasStrongSignal, type Risk } from '@livegate/domain/risk-signals';
import { summariseChallenge } from '@livegate/domain/summarise-challenge';
import { type Summary, summariseFrames } from '@livegate/domain/verdict';

/** `mayBeProbe`: with a challenge, a frame in which the person looks ahead. */
export type Submission = {
  summary: Summary;
  /** An attack that the score does not show. */
  attack: ReasonCode[];
  /** Why this attempt does not count, although nothing says that it was an attack. */
  unmet: ReasonCode[];
  mayBeProbe: (frame: ScoredFrame) => boolean;
};

/** Evidence of injection: recorded with the check, and what its client makes of it. */
export async function weighRisk(tx: Queryable, check: Check): Promise<Risk> {
  const attempt = { checkId: check.id, attempt: check.attempt };
  const [evidence, seenElsewhere] = await Promise.all([
    listFrameEvidence(tx, attempt),
    countSeenElsewhere(tx, attempt),
  ]);
  const frames = assessFrames(evidence, seenElsewhere);
  const signals = [...check.riskSignals, ...frames];
  const policy = await recordRiskSignals(tx, { checkId: check.id, signals, isStrong: hasStrongSignal(signals) });
  return { signals, policy };
}

export async function summariseSubmission(
  db: Queryable,
  { check, frames }: { check: Check; frames: readonly ScoredFrame[] },
): Promise<Submission> {
  if (check.challenge === 'none') {
    return { summary: summariseFrames(frames), attack: [], unmet: [], mayBeProbe: () => true };
  }
  const attempt = { checkId: check.id, attempt: check.attempt };
  const bound = await listChallengeFrames(db, attempt);
  const submittedMs = check.submittedAt?.getTime() ?? Number.POSITIVE_INFINITY;
  const against = judgeChallenge({ steps: await listSteps(db, attempt), frames: bound, submittedMs });
  const first = new Set(bound.filter(({ step }) => step === 0).map(({ seq }) => seq));
  const isAttack = (reason: ReasonCode) => REASONS[reason].evidence === 'attack';
  return {
    // Without all moves there are few frames of them: then any three frames say whether an attack was seen.
    summary: against.length === 0 ? summariseChallenge(bound) : summariseFrames(bound),
    attack: against.filter(isAttack),
    unmet: against.filter((reason) => !isAttack(reason)),
    mayBeProbe: ({ seq }) => first.has(seq),
  };
}
