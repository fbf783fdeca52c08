import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { batchRuns } from './batch-runs.ts';
import type { OnnxSession } from './onnx-session.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Answers each image with its sum and its first value twice, and writes down the batches. */
function aSession(batches: number[]): OnnxSession {
  return {
    run: async (input, [count = 0, ...rest]) => {
      batches.push(count);
      const length = rest.reduce((product, side) => product * side, 1);
      const images = Array.from({ length: count }, (_, at) => input.slice(at * length, (at + 1) * length));
      return {
        sum: Float32Array.from(images.map((image) => image.reduce((sum, value) => sum + value, 0))),
        twice: Float32Array.from(images.flatMap(([first = 0]) => [first, first])),
      };
    },
    close: async () => undefined,
  };
}

const SHAPE = [1, 1, 1, 2];

describe('batchRuns', () => {
  it('joins what comes within the wait and gives each its own part', async () => {
    const batches: number[] = [];
    const session = batchRuns(aSession(batches), { waitMs: 3, mostRuns: 8 });
    const runs = [1, 2, 3].map((value) => session.run(Float32Array.of(value, 10), SHAPE));
    await vi.advanceTimersByTimeAsync(3);
    expect((await Promise.all(runs)).map(({ sum, twice }) => [...(sum ?? []), ...(twice ?? [])])).toEqual([
      [11, 1, 1],
      [12, 2, 2],
      [13, 3, 3],
    ]);
    expect(batches).toEqual([3]);
  });

  it('copies its input when it is handed in: the caller overwrites it', async () => {
    const session = batchRuns(aSession([]), { waitMs: 3, mostRuns: 8 });
    const planes = Float32Array.of(1, 2);
    const run = session.run(planes, SHAPE);
    planes.fill(100);
    await vi.advanceTimersByTimeAsync(3);
    expect((await run).sum?.[0]).toBe(3);
  });

  it('does not wait when it is full, and keeps shapes apart', async () => {
    const batches: number[] = [];
    const session = batchRuns(aSession(batches), { waitMs: 1_000, mostRuns: 2 });
    await Promise.all([1, 2].map((value) => session.run(Float32Array.of(value, 0), SHAPE)));
    expect(batches).toEqual([2]);
    const apart = [session.run(Float32Array.of(1, 2), SHAPE), session.run(Float32Array.of(1), [1, 1, 1, 1])];
    await vi.advanceTimersByTimeAsync(1_000);
    await Promise.all(apart);
    expect(batches).toEqual([2, 1, 1]);
  });

  it('fails every run of a batch that failed, and none of the next', async () => {
    let isBroken = true;
    const good = aSession([]);
    const session = batchRuns(
      { ...good, run: (...run) => (isBroken ? Promise.reject(new Error('broken')) : good.run(...run)) },
      { waitMs: 3, mostRuns: 2 },
    );
    const failed = [1, 2].map((value) => session.run(Float32Array.of(value, 0), SHAPE).catch(({ message }) => message));
    expect(await Promise.all(failed)).toEqual(['broken', 'broken']);
    isBroken = false;
    const [run] = [session.run(Float32Array.of(4, 0), SHAPE), session.run(Float32Array.of(5, 0), SHAPE)];
    expect((await run)?.sum?.[0]).toBe(4);
  });
});
