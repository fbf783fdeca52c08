import { throwIfAborted } from './abort-reason.ts';
import type { Camera } from './camera.ts';
import type { CaptureApi } from './capture-api.ts';
import { captureFrames } from './capture-frames.ts';
import type { ChallengeStep } from './challenge-step.ts';
import type { CheckStatus } from './check-status.ts';
import { followPrompts } from './follow-prompts.ts';
import type { FramePlan } from './frame-plan.ts';
import type { Interruption } from './interruption.ts';
import type { Line } from './line-speed.ts';
import type { Choice, PageView } from './page-view.ts';
import { withRetries } from './retry.ts';
import type { createScreens, Screen } from './screens.ts';
import { createUploader } from './upload.ts';
import { unlessAborted, type Wait } from './waiting.ts';

/** What was captured; `settle` resolves when all of it has arrived, `share` is how much of it has, from 0 to 1. */
export type Sent = { session: string; count: number; settle: () => Promise<void>; share: () => number };

/** What taking pictures needs from the page. */
export type PictureDeps = {
  api: CaptureApi;
  view: PageView;
  screens: ReturnType<typeof createScreens>;
  line: Line;
  locale: string;
  now: () => number;
  wait: Wait;
  pause: Wait;
};
type Taking = { camera: Camera; status: CheckStatus; interruption: Interruption };
type Started = { session: string; frames: FramePlan };

/** Of the text that people agree to, in all its languages: raised whenever its meaning changes. */
const CONSENT_VERSION = '2026-11';

/** Starts the capture and takes what the server asks for, or ends it where the person chooses a way out. */
export async function takePictures(
  deps: PictureDeps,
  { camera, status, interruption }: Taking,
): Promise<Sent | Choice> {
  const { api, view, screens, line, now, wait } = deps;
  const { signal } = interruption;
  let leave: (choice: Choice) => void = () => {};
  const left = new Promise<Choice>((resolve) => {
    leave = resolve;
  });
  const show = (screen: Screen) => void view.show(screen).then(leave);

  throwIfAborted(signal);
  show(screens.starting(status));
  try {
    const outcome = await unlessAborted(Promise.race([left, start()]), signal);
    // What still runs for the capture that was left ends with it.
    if (typeof outcome === 'string') interruption.interrupt('cancelled');
    return outcome;
  } finally {
    view.setPrompt(null);
  }

  /** The start is told only now: an attempt begins with its first frame, not with a look at the camera. */
  async function start(): Promise<Sent> {
    const consent = { version: CONSENT_VERSION, locale: deps.locale };
    const { challenge, ...started } = await withRetries(() => api.start(consent), deps.pause, signal);
    throwIfAborted(signal);
    return challenge ? captureTurns(started, challenge) : captureStill(started);
  }

  /** A head that turns as it is asked to; every frame has arrived before the next is taken. */
  async function captureTurns({ session, frames }: Started, first: ChallengeStep): Promise<Sent> {
    const count = await followPrompts({
      first,
      grab: () => camera.grab(frames, line),
      put: (frame) => line.timed(() => api.putFrame(session, frame)),
      onStep: (step) => {
        show(screens.turning(step));
        view.setPrompt(step.isOver ? null : step.prompt);
        view.setProgress((step.step + (step.isOver ? 1 : 0)) / step.of);
      },
      signal,
      now,
      wait,
    });
    return { session, count, settle: async () => {}, share: () => 1 };
  }

  async function captureStill({ session, frames }: Started): Promise<Sent> {
    show(screens.capturing());
    const uploader = createUploader({
      put: async (frame) => {
        throwIfAborted(signal);
        await line.timed(() => api.putFrame(session, frame));
      },
      wait,
    });
    await captureFrames({
      plan: frames,
      grab: () => camera.grab(frames, line),
      onFrame: (frame) => {
        uploader.add(frame);
        view.setProgress((frame.seq + 1) / frames.count);
      },
      shouldStop: uploader.hasFailed,
      signal,
      now,
      wait,
    });
    return { session, count: frames.count, settle: uploader.settle, share: () => uploader.sent() / frames.count };
  }
}
