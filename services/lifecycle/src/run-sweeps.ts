/** Runs every sweep of the table for ever, one round after the other, until closed. */
import type { Logger } from '@livegate/telemetry/logger';
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
  try {
    const count = await round();
    if (count > 0) logger.debug('swept', { sweep: name, count });
    return count;
  } catch (error) {
    // The database may be away; the next round finds the same work.
    logger.warn('sweep_failed', { sweep: name, error: error as Error });
    return 0;
  }
}
