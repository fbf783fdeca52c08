/** Figures of one phase of load: how much was done, how long each thing took, and which process paid for it. */

import type { RunningSystem } from './launch-system.ts';
import { cpuOfTree } from './process-cpu.ts';

export type Latencies = { p50: number; p95: number; p99: number };

export type Phase = {
  seconds: number;
  done: number;
  latencies: Latencies;
  /** CPU milliseconds per unit of work, by process. */
  cpuEach: Record<string, number>;
};

/** Runs `unit` again and again, `inFlight` at a time, for `seconds`; each returns its own latency in ms. */
export async function underLoad(
  system: RunningSystem,
  {
    seconds,
    inFlight,
    unit,
    signal,
  }: { seconds: number; inFlight: number; unit: () => Promise<number>; signal: AbortSignal },
): Promise<Phase> {
  const latencies: number[] = [];
  const before = await cpuByProcess(system);
  const startedAt = performance.now();
  const until = startedAt + seconds * 1_000;
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (performance.now() < until && !signal.aborted) latencies.push(await unit());
    }),
  );
  const elapsed = (performance.now() - startedAt) / 1_000;
  const after = await cpuByProcess(system);
  const done = latencies.length;
  const cpuEach = Object.fromEntries(
    Object.entries(after).map(([name, ms]) => [name, (ms - (before[name] ?? 0)) / Math.max(1, done)]),
  );
  return { seconds: elapsed, done, latencies: percentiles(latencies), cpuEach };
}

export async function cpuByProcess({ pids }: RunningSystem): Promise<Record<string, number>> {
  const entries = Object.entries(pids).map(async ([name, pid]) => {
    const { own, descendants } = await cpuOfTree(pid);
    return name === 'inference-worker'
      ? { [name]: own, 'inference-children': descendants }
      : { [name]: own + descendants };
  });
  return Object.assign({}, ...(await Promise.all(entries)));
}

export function percentiles(values: readonly number[]): Latencies {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
