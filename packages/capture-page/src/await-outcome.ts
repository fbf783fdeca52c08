import type { CheckStatus } from './check-status.ts';
import { mayPass } from './retry.ts';
import type { Wait } from './waiting.ts';

const FIRST_PAUSE_MS = 300;
const PAUSE_GROWTH = 1.4;
const LONGEST_PAUSE_MS = 2_500;
const ANSWERLESS_LIMIT_MS = 60_000;

// The server gives a verdict or fails within 120 s (domain/processing-limits.ts); then only a server that is down is asked.
const OVERDUE_AFTER_MS = 150_000;
const OVERDUE_PAUSE_MS = 10_000;
// No link lives longer.
const OVERALL_LIMIT_MS = 30 * 60_000;

/**
 * Asks for the status until the check is no longer processing: the person may be asked to try again. Lost polls are passed
 * over for a minute. `onOverdue` is told once the server's own time is over; it is asked on, slowly. At the overall limit the
 * result is the last answer, still processing.
 */
export async function awaitOutcome(deps: {
  status: () => Promise<CheckStatus>;
  onOverdue: () => void;
  now: () => number;
  wait: Wait;
}): Promise<CheckStatus> {
  const startedAt = deps.now();
  let answeredAt = startedAt;
  let pause = FIRST_PAUSE_MS;
  for (let isOverdue = false; ; ) {
    await deps.wait(Math.round(pause));
    const passedMs = deps.now() - startedAt;
    try {
      const status = await deps.status();
      if (status.state !== 'processing' || passedMs >= OVERALL_LIMIT_MS) return status;
      answeredAt = deps.now();
    } catch (thrown) {
      if (deps.now() - answeredAt >= ANSWERLESS_LIMIT_MS || !mayPass(thrown)) throw thrown;
    }
    if (passedMs >= OVERDUE_AFTER_MS && !isOverdue) deps.onOverdue();
    isOverdue ||= passedMs >= OVERDUE_AFTER_MS;
    pause = isOverdue ? OVERDUE_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, pause * PAUSE_GROWTH);
  }
}
