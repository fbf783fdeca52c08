/** Where a challenge stands, for the page and for its frames: each frame is bound to the step it was taken for. */
import type { ChallengeView } from '@livegate/contracts/capture';
import { countUnscored, lastSequence } from '@livegate/db/challenge-frames';
import { listSteps, type StoredStep } from '@livegate/db/challenge-steps';
import type { Queryable } from '@livegate/db/database';
import { CHALLENGE_RULES } from '@livegate/domain/challenge';
import { CodedError } from '@livegate/domain/errors';

type Attempt = { checkId: string; attempt: number };
type Revealed = StoredStep & { nonce: string; ageMs: number; remainingMs: number };

/** The step that was revealed last. Never one of those to come. */
export async function currentChallenge(db: Queryable, attempt: Attempt): Promise<ChallengeView> {
  const steps = await listSteps(db, attempt);
  const { step, prompt, nonce, remainingMs } = lastRevealed(steps);
  return {
    step,
    of: steps.length,
    prompt,
    nonce,
    state: steps.some(({ ended }) => ended) ? 'over' : 'open',
    frame_interval_ms: frameInterval(await countUnscored(db, attempt)),
    remaining_ms: Math.max(0, Math.round(remainingMs)),
  };
}

/** Steady while scoring keeps up; then slower with every frame that waits, so that what waits stays about a second's work. */
function frameInterval(waiting: number): number {
  return FRAME_INTERVAL_MS * Math.min(MOST_SLOWED, Math.max(1, waiting - FRAMES_UNDER_WAY));
}

// Five frames a second follow a head well; more is work without evidence.
const FRAME_INTERVAL_MS = 180;
const FRAMES_UNDER_WAY = 3;
const MOST_SLOWED = 5;

function lastRevealed(steps: readonly StoredStep[]): Revealed {
  const last = steps.findLast(({ nonce }) => nonce !== null);
  if (!last) throw new CodedError('capture_closed', 'The capture has no challenge under way.');
  return last as Revealed;
}

/**
 * The step a frame belongs to. Throws when its nonce is none of this attempt's, when the step's time is over, or when a
 * later frame is there already: what was recorded or held back does not become part of a capture.
 */
export async function bindToChallenge(
  tx: Queryable,
  { seq, nonce, ...attempt }: Attempt & { seq: number; nonce: string },
): Promise<{ step: number }> {
  const steps = await listSteps(tx, attempt);
  const own = steps.find((step): step is Revealed => step.nonce !== null && step.nonce === nonce);
  if (!own) throw new CodedError('challenge_unknown', 'The frame carries no nonce of this capture.');
  const current = lastRevealed(steps);
  const isGone = own.step < current.step - 1 || (own !== current && current.ageMs > CHALLENGE_RULES.graceMs);
  if (own.remainingMs <= 0 || isGone) {
    throw new CodedError('challenge_too_late', 'The time of this step is over.');
  }
  if (seq < (await lastSequence(tx, attempt))) {
    throw new CodedError('frame_out_of_order', 'A later frame is there already.');
  }
  return { step: own.step };
}
