/** What every process tells about itself. Imported after the SDK has started: instruments bind to what runs then. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { OBSERVED } from './metrics.ts';

const NANOSECONDS = 1e9;
const QUANTILES = { '0.5': 50, '0.99': 99, '1': 100 } as const;

/** Starts observing; costs a timer that holds nothing open. */
export function observeProcess(): void {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  OBSERVED.eventLoopDelay.addCallback((result) => {
    for (const [quantile, percentile] of Object.entries(QUANTILES)) {
      result.observe(beyondTimer(delay.percentile(percentile)), { quantile });
    }
    delay.reset();
  });
  OBSERVED.cpu.addCallback((result) => {
    const { user, system } = process.cpuUsage();
    result.observe((user + system) / 1e6);
  });
  OBSERVED.memory.addCallback((result) => result.observe(process.memoryUsage.rss()));
  const startedAt = Math.round(Date.now() / 1_000 - process.uptime());
  OBSERVED.started.addCallback((result) => result.observe(startedAt));
}

const RESOLUTION_MS = 20;

// The histogram holds the time between two ticks of its timer; only what exceeds the timer is delay.
function beyondTimer(nanoseconds: number): number {
  return Math.max(0, nanoseconds / NANOSECONDS - RESOLUTION_MS / 1_000) || 0;
}
