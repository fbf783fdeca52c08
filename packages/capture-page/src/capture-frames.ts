import { throwIfAborted } from './abort-reason.ts';
import type { FramePlan } from './frame-plan.ts';
import type { CapturedFrame } from './upload.ts';
import type { Wait } from './waiting.ts';

/** What a capture needs from the page. */
export type CaptureDeps = {
  plan: FramePlan;
  grab: () => Promise<Blob>;
  onFrame: (frame: CapturedFrame) => void;
  shouldStop: () => boolean;
  signal: AbortSignal;
  now: () => number;
  wait: Wait;
};

/**
 * Takes the planned frames at a steady pace. Times are counted from the first frame, so that slow encoding does not
 * stretch the whole; stops early when the upload has failed, and throws the signal's reason when interrupted.
 */
export async function captureFrames(deps: CaptureDeps): Promise<void> {
  const startedAt = deps.now();
  for (let seq = 0; seq < deps.plan.count; seq++) {
    await deps.wait(Math.max(0, startedAt + seq * deps.plan.intervalMs - deps.now()));
    throwIfAborted(deps.signal);
    if (deps.shouldStop()) return;
    const jpeg = await deps.grab();
    throwIfAborted(deps.signal);
    deps.onFrame({ seq, jpeg });
  }
}
