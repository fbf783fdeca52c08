// Loaded by `node --import` in a soak: writes what only the process itself can see, once every LIVEGATE_TEST_PROBE_MS, as one
// line of JSON to LIVEGATE_TEST_PROBE_FILE.<pid>.
import { appendFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

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
  appendFileSync(`${process.env.LIVEGATE_TEST_PROBE_FILE}.${process.pid}`, `${JSON.stringify(line)}\n`);
  delay.reset();
}, Number(process.env.LIVEGATE_TEST_PROBE_MS)).unref();
