import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAnalyser } from './engine.ts';
import { prepareModels } from './internal/test-fixtures.ts';
import type { OnnxSession } from './onnx-session.ts';
import { resolveProfile } from './profiles.ts';
import type { Scorer } from './score-presentation.ts';
import { goldenFrame, selfTest } from './self-test.ts';

const sessions: OnnxSession[] = [];
let scorers: readonly Scorer[];

beforeAll(async () => {
  const profile = await resolveProfile({ setting: 'baseline', modelsDir: await prepareModels('baseline') });
  ({ scorers } = await openAnalyser(profile, sessions));
}, 60_000);
afterAll(() => Promise.all(sessions.map((session) => session.close())));

describe('selfTest', () => {
  it('passes the models as they are opened', async () => {
    await expect(selfTest(scorers)).resolves.toBeUndefined();
  });

  it.each([
    { fault: 'says the opposite', spoil: (logits: Float32Array) => logits.map((logit) => -logit) },
    { fault: 'says nothing', spoil: (logits: Float32Array) => logits.fill(Number.NaN) },
  ])('refuses a model that $fault, by its name', async ({ spoil }) => {
    const spoiled = scorers.map((scorer) => ({
      ...scorer,
      session: {
        ...scorer.session,
        run: async (input: Float32Array, shape: readonly number[]) =>
          Object.fromEntries(
            Object.entries(await scorer.session.run(input, shape)).map(([name, logits]) => [name, spoil(logits)]),
          ),
      },
    }));
    await expect(selfTest(spoiled)).rejects.toThrow(/fr_liveness fails the self-test/);
  });
});

describe('goldenFrame', () => {
  it('is the same every time, and has something to see', () => {
    const { data } = goldenFrame();
    expect(goldenFrame().data).toEqual(data);
    expect(new Set(data).size).toBeGreaterThan(50);
  });
});
