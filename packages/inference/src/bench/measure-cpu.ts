/** CPU time, not wall time: it hardly changes when the machine is shared. */

/** Milliseconds of CPU, user and system, all threads, that the work took. */
export async function cpuMilliseconds(work: () => Promise<void> | void): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** The middle value; of an even number of values the upper one. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
