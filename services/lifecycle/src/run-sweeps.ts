/** Runs every sweep of the table for ever, one round after the other, until closed. */
import { sweepEnded } from '@livegate/telemetry/events';
import type { Logger } from '@livegate/telemetry/logger';
import { ItemsFailed } from './each-on-its-own.ts';
import type { SweepDeps } from './sweep.ts';
import { SWEEPS } from './sweeps.ts';

// A round that was full has probably left work behind: go on at once.
const FULL_ROUND = 100;

export function runSweeps(deps: SweepDeps): { close(): Promise<void> } {
  const loops = SWEEPS.map((sweep) => loop(sweep, deps));
  return {
    close: async () => {
      await Promise.all(loops.map((running) => running.close()));
    },
  };
}

function loop({ name, everyMs, run }: (typeof SWEEPS)[number], deps: SweepDeps): { close(): Promise<void> } {
  let closed = false;
  let wake = () => {};
  const pause = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, everyMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const running = (async () => {
    while (!closed) {
      const done = await once(name, () => run(deps), deps.logger);
      if (done < FULL_ROUND && !closed) await pause();
    }
  })();
  return {
    close: () => {
      closed = true;
      wake();
      return running;
    },
  };
}

async function once(name: string, round: () => Promise<number>, logger: Logger): Promise<number> {
  const startedAt = performance.now();
  const elapsed = () => performance.now() - startedAt;
  try {
    const count = await round();
    sweepEnded({ sweep: name, seconds: elapsed() / 1_000, failed: false });
    if (count > 0) logger.info('sweep', { sweep: name, count, ms: Math.round(elapsed()) });
    return count;
  } catch (error) {
    sweepEnded({ sweep: name, seconds: elapsed() / 1_000, failed: true });
    // The database may be away; the next round finds the same work.
    logger.warn('sweep_failed', { sweep: name, ms: Math.round(elapsed()), error: error as Error });
    return error instanceof ItemsFailed ? error.done : 0;
  }
}
