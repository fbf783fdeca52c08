/** CPU time, not wall time: it hardly changes when the machine is shared. */

/** Milliseconds of CPU, user and system, all threads, that the work took. */
export async function cpuMilliseconds(work: () => Promise<void> | void): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/**
 * The value that a quarter of them stay below: of a cost, because what else the machine does (the other thread of a core,
 * the shared cache) only ever adds to it.
 */
export function lowerQuartile(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 2] ?? 0;
}

/** The middle value; of an even number of values the upper one. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

/** Few, so that engine and bare loop meet the same interference; long beside the clock's resolution all the same. */
const FRAMES_PER_ROUND = 6;

/** Milliseconds of CPU per frame, each item equally often. */
export async function runRound<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<number> {
  const frames = cycle(items);
  const spent = await cpuMilliseconds(async () => {
    for (const frame of frames) await run(frame);
  });
  return spent / frames.length;
}

/** Each item equally often, about as many in all as a round has frames. */
export function cycle<T>(items: readonly T[]): T[] {
  const times = Math.max(1, Math.round(FRAMES_PER_ROUND / items.length));
  return Array.from({ length: times }, () => items).flat();
}
