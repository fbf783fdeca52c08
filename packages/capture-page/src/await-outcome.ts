import type { CheckStatus } from './check-status.ts';
import { mayPass } from './retry.ts';
import type { Wait } from './waiting.ts';

const FIRST_PAUSE_MS = 300;
const PAUSE_GROWTH = 1.4;
const LONGEST_PAUSE_MS = 2_500;
const OVERALL_LIMIT_MS = 60_000;

/**
 * Asks for the status until the check is no longer processing. Lost polls are passed over; at the overall limit the
 * result is the last answer (still processing), or the last failure when there was no answer since.
 */
export async function awaitOutcome(deps: {
  status: () => Promise<CheckStatus>;
  now: () => number;
  wait: Wait;
}): Promise<CheckStatus> {
  const stopAt = deps.now() + OVERALL_LIMIT_MS;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * PAUSE_GROWTH)) {
    await deps.wait(Math.round(pause));
    const isLast = deps.now() >= stopAt;
    try {
      const status = await deps.status();
      if (status.state !== 'processing' || isLast) return status;
    } catch (thrown) {
      if (isLast || !mayPass(thrown)) throw thrown;
    }
  }
}
