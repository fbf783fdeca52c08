// Loaded by `node --import` in a soak: writes what only the process itself can see, as one line of JSON every
// five seconds, to <file>.<pid>; the address it is loaded from says which (`event-loop-probe.mjs?file=…`).
import { appendFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const file = new URL(import.meta.url).searchParams.get('file');
const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();
setInterval(() => {
  const resources = process.getActiveResourcesInfo();
  const line = {
    // The histogram counts the timer's own resolution in.
    delayP99Ms: Math.max(0, delay.percentile(99) / 1e6 - 10),
    heapBytes: process.memoryUsage().heapUsed,
    timers: resources.filter((name) => name === 'Timeout').length,
    handles: resources.length,
  };
  appendFileSync(`${file}.${process.pid}`, `${JSON.stringify(line)}\n`);
  delay.reset();
}, 5_000).unref();
