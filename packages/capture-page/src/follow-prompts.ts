import { throwIfAborted } from './abort-reason.ts';
import type { ChallengeStep } from './challenge-step.ts';
import { withRetries } from './retry.ts';
import { troubleCodeOf } from './trouble.ts';
import type { CapturedFrame } from './upload.ts';
import type { Wait } from './waiting.ts';

/** What a capture with a challenge needs from the page. */
export type PromptDeps = {
  first: ChallengeStep;
  grab: () => Promise<Blob>;
  /** Sends a frame for a step and gives the step that is asked for then. */
  put: (frame: CapturedFrame & { nonce: string; takenMs: number }) => Promise<ChallengeStep | null>;
  onStep: (step: ChallengeStep) => void;
  signal: AbortSignal;
  now: () => number;
  wait: Wait;
};

// The server ends a sequence long before; this ends the page's part if it does not.
const LONGEST_MS = 90_000;

/**
 * Takes one frame after the other, each for the step that is asked for, until the server says that it is over. One at
 * a time, as a frame that was overtaken would be refused, and no faster than the server asks for: on a slow line or before
 * a busy server prompts would come late. Returns how many arrived.
 */
export async function followPrompts(deps: PromptDeps): Promise<number> {
  const startedAt = deps.now();
  let asked = deps.first;
  throwIfAborted(deps.signal);
  deps.onStep(asked);
  for (let seq = 0; ; seq++) {
    const takenAt = deps.now();
    if (asked.isOver || takenAt - startedAt > LONGEST_MS) return seq;
    const frame = { seq, jpeg: await deps.grab(), nonce: asked.nonce, takenMs: Math.round(takenAt - startedAt) };
    throwIfAborted(deps.signal);
    const answer = await withRetries(() => deps.put(frame), deps.wait, deps.signal).catch((thrown) => {
      if (troubleCodeOf(thrown) === 'challenge_too_late') return 'too late' as const;
      throw thrown;
    });
    throwIfAborted(deps.signal);
    if (answer === 'too late') {
      // The server decides what becomes of the attempt; this frame is no part of it.
      deps.onStep({ ...asked, isOver: true });
      return seq;
    }
    const isNew = answer !== null && (answer.step !== asked.step || answer.isOver);
    asked = answer ?? asked;
    if (isNew) deps.onStep(asked);
    await deps.wait(Math.max(0, takenAt + asked.pauseMs - deps.now()));
  }
}
