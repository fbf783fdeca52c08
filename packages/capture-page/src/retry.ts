import { throwIfAborted } from './abort-reason.ts';
import { troubleCodeOf } from './trouble.ts';
import type { Wait } from './waiting.ts';

// Four tries over about four seconds ride out a change of network; longer is for the person to decide.
const TRIES = 4;
const FIRST_PAUSE_MS = 400;
const PAUSE_GROWTH = 2.5;

/** How long to pause before try number `tryNumber` (the second try is 2). */
function pauseBeforeTry(tryNumber: number): number {
  return Math.round(FIRST_PAUSE_MS * PAUSE_GROWTH ** (tryNumber - 2));
}

/** Only a lost connection and a fault of the server may pass by themselves; every other answer is final. */
export function mayPass(thrown: unknown): boolean {
  const code = troubleCodeOf(thrown);
  return code === 'unreachable' || code === 'server_fault';
}

/** Does `task` until it succeeds, its failure is final, the tries are used up, or nobody waits for it any more. */
export async function withRetries<T>(task: () => Promise<T>, wait: Wait, signal?: AbortSignal): Promise<T> {
  for (let tryNumber = 1; ; tryNumber++) {
    try {
      return await task();
    } catch (thrown) {
      if (tryNumber === TRIES || !mayPass(thrown)) throw thrown;
      await wait(pauseBeforeTry(tryNumber + 1));
      if (signal) throwIfAborted(signal);
    }
  }
}
