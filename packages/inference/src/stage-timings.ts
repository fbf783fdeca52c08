/** How long each stage of one frame took. */

/** Milliseconds by stage, and `total` up to the last one that ran. */
export type StageTimings = Record<string, number>;

/** Starts the clock of one frame. `time` runs a stage and adds its milliseconds to `timings`. */
export function startStages() {
  const start = performance.now();
  const timings: StageTimings = {};
  return {
    timings,
    async time<T>(stage: string, work: () => T | Promise<T>): Promise<T> {
      const from = performance.now();
      const result = await work();
      const now = performance.now();
      timings[stage] = now - from;
      timings.total = now - start;
      return result;
    },
  };
}
