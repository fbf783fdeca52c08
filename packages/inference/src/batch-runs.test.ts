import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { batchRuns } from './batch-runs.ts';
import { prepareModels, sharedDir } from './internal/test-fixtures.ts';
import { fileNameOf, MANIFEST, modelsOf } from './manifest.ts';
import { type OnnxSession, openOnnxSession } from './onnx-session.ts';
import { rewriteModel } from './rewrite/rewrite-model.ts';

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
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

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

describe.each([
  { id: 'fr_liveness', profile: 'baseline', shape: [1, 3, 128, 128] },
  { id: 'jr_97.80', profile: 'recommended', shape: [1, 3, 128, 128] },
  { id: 'yunet_s_dynamic', profile: 'recommended', shape: [1, 3, 96, 160] },
] as const)('joined runs of $id', ({ id, profile, shape }) => {
  it.skipIf(profile === 'recommended' && !sharedDir)(
    'say what each run says alone',
    async () => {
      const model = modelsOf(profile, MANIFEST).find((entry) => entry.id === id);
      if (!model) throw new Error(`no ${id}`);
      const source = await readFile(`${await prepareModels(profile)}/${fileNameOf(model)}`);
      const session = await openOnnxSession(rewriteModel(source));
      const inputs = [1, 2, 3].map((seed) =>
        Float32Array.from({ length: 3 * shape[2] * shape[3] }, (_, at) => (at * seed * 7919) % 256),
      );
      const alone = [];
      for (const input of inputs) alone.push(await session.run(input, shape));
      const joining = batchRuns(session, { waitMs: 60_000, mostRuns: 3 });
      const joined = await Promise.all(inputs.map((input) => joining.run(input, shape)));
      await session.close();
      for (const [index, outputs] of joined.entries()) {
        for (const [name, values] of Object.entries(outputs)) {
          const expected = alone[index]?.[name] as Float32Array;
          expect(values).toHaveLength(expected.length);
          const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
          const difference = values.reduce(
            (most, value, at) => Math.max(most, Math.abs(value - (expected[at] ?? 0))),
            0,
          );
          expect(difference / largest, `${name} of run ${index}`).toBeLessThan(1e-5);
        }
      }
    },
    60_000,
  );
});
