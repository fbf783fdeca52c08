/** From the frames of a challenge to one score. */
import type { ReasonCode } from './reasons.ts';
import { type FrameScore, MIN_SCORED_FRAMES, type Summary, summariseFrames } from './verdict.ts';

type SteppedFrame = FrameScore & { step: number };

/** Turned faces are scored less often (they may be turned too far), so two of them are enough. */
const LEAST_MOVED = 2;

/**
 * The lower of two medians: of the frames before the first move and of those during the moves. A print that is shown while
 * the head looks ahead, or while it turns, would drown in one median over all.
 */
export function summariseChallenge(frames: readonly SteppedFrame[]): Summary {
  const all = summariseFrames(frames, MIN_SCORED_FRAMES);
  if (all.score === null) return all;
  const still = summariseFrames(
    frames.filter(({ step }) => step === 0),
    1,
  );
  const moved = summariseFrames(
    frames.filter(({ step }) => step > 0),
    LEAST_MOVED,
  );
  if (still.score === null || moved.score === null) return { score: null, reasons: reasonsOf(still, moved) };
  return { score: Math.min(still.score, moved.score), reasons: [] };
}

function reasonsOf(...summaries: Summary[]): ReasonCode[] {
  return [...new Set(summaries.flatMap((summary) => (summary.score === null ? summary.reasons : [])))];
}
