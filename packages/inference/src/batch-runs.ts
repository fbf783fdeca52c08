/**
 * Runs of one model asked for at nearly the same time, by several frames or several checks, as one run: a GPU computes
 * thirty-two as fast as one. On the CPU batches gain nothing and none are made.
 */
import type { OnnxSession, Outputs } from './onnx-session.ts';

/** How long the first of a batch waits for others, and how many are taken at once. */
export type BatchLimits = { waitMs: number; mostRuns: number };

/** Below what anyone notices, and long enough for the frames of one batch to arrive from the decoder. */
export const GPU_BATCHES: BatchLimits = { waitMs: 3, mostRuns: 32 };

type Run = {
  input: Float32Array;
  shape: readonly number[];
  resolve: (outputs: Outputs) => void;
  reject: (error: Error) => void;
};

/** A session of the same model that joins runs with equal shapes of one image each. Inputs are copied when handed in. */
export function batchRuns(session: OnnxSession, { waitMs, mostRuns }: BatchLimits): OnnxSession {
  const waiting = new Map<string, Run[]>();

  const flush = (key: string) => {
    const runs = waiting.get(key) ?? [];
    waiting.delete(key);
    if (runs.length > 0) void runTogether(session, runs);
  };

  return {
    run: (input, shape) =>
      new Promise((resolve, reject) => {
        const key = shape.join('x');
        const runs = waiting.get(key) ?? [];
        runs.push({ input: input.slice(), shape, resolve, reject });
        waiting.set(key, runs);
        if (runs.length >= mostRuns) flush(key);
        else if (runs.length === 1) setTimeout(() => waiting.get(key) === runs && flush(key), waitMs);
      }),
    close: () => session.close(),
  };
}

async function runTogether(session: OnnxSession, runs: readonly Run[]): Promise<void> {
  try {
    const outputs = await session.run(join(runs), [runs.length, ...(runs[0] as Run).shape.slice(1)]);
    for (const [index, run] of runs.entries()) run.resolve(partOf(outputs, { index, count: runs.length }));
  } catch (error) {
    for (const run of runs) run.reject(error as Error);
  }
}

function join(runs: readonly Run[]): Float32Array {
  const length = (runs[0] as Run).input.length;
  const joined = new Float32Array(length * runs.length);
  for (const [index, { input }] of runs.entries()) joined.set(input, index * length);
  return joined;
}

/** One image's part of every output: the batch is each output's first dimension. */
function partOf(outputs: Outputs, { index, count }: { index: number; count: number }): Outputs {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, values]) => {
      const length = values.length / count;
      return [name, values.slice(index * length, (index + 1) * length)];
    }),
  );
}
