import { withRetries } from './retry.ts';
import type { Wait } from './waiting.ts';

/** One JPEG with its place in the sequence. */
export type CapturedFrame = { seq: number; jpeg: Blob };

/** Sends frames while more are captured. */
export type Uploader = {
  add(frame: CapturedFrame): void;
  hasFailed(): boolean;
  /** How many have arrived. */
  sent(): number;
  settle(): Promise<void>;
};

// Two at a time keep a phone's uplink busy without one slow frame holding up all others.
const PARALLEL = 2;

/**
 * Sends each added frame, a few at a time. `settle` resolves when all were sent and rejects when one was given up;
 * that frame is kept, and the next `settle` goes on with what is left.
 */
export function createUploader(deps: { put: (frame: CapturedFrame) => Promise<void>; wait: Wait }): Uploader {
  const queue: CapturedFrame[] = [];
  let active = 0;
  let sent = 0;
  let failure: { thrown: unknown } | undefined;
  let wake = () => {};

  function sendNext(): void {
    while (!failure && active < PARALLEL) {
      const frame = queue.shift();
      if (!frame) break;
      active++;
      void send(frame);
    }
    if (failure || active === 0) wake();
  }

  async function send(frame: CapturedFrame): Promise<void> {
    try {
      await withRetries(() => deps.put(frame), deps.wait);
      sent++;
    } catch (thrown) {
      failure ??= { thrown };
      queue.unshift(frame);
    }
    active--;
    sendNext();
  }

  return {
    add(frame) {
      queue.push(frame);
      sendNext();
    },
    hasFailed: () => failure !== undefined,
    sent: () => sent,
    async settle() {
      await new Promise<void>((resolve) => {
        wake = resolve;
        sendNext();
      });
      if (!failure) return;
      const { thrown } = failure;
      failure = undefined;
      throw thrown;
    },
  };
}
