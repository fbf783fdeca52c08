import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MANIFEST } from './manifest.ts';
import {
  boundLogOdds,
  darkFaceBonus,
  type Evidence,
  isSettled,
  liveLogOdds,
  scoreEvidence,
  toScore,
} from './score-presentation.ts';

describe('liveLogOdds', () => {
  it('is the live logit against all others together', () => {
    // Two others of 0 weigh ln 2.
    expect(liveLogOdds(Float32Array.from([0, 3, 0]), 1)).toBeCloseTo(3 - Math.log(2), 5);
    expect(liveLogOdds(Float32Array.from([1, 4]), 0)).toBeCloseTo(-3, 5);
  });

  it('is clamped and survives logits that overflow an exponential', () => {
    expect(liveLogOdds(Float32Array.from([900, 0, 0]), 0)).toBe(10);
    expect(liveLogOdds(Float32Array.from([0, 900, 0]), 0)).toBe(-10);
  });
});

describe('a broken model', () => {
  const { recipe } = MANIFEST.profiles.baseline;

  it.each([
    [Number.NaN, 0],
    [Number.POSITIVE_INFINITY, 0],
    [0, Number.NEGATIVE_INFINITY],
  ])('whose logits are %d and %d says nothing', (live, other) => {
    expect(liveLogOdds(Float32Array.from([live, other]), 0)).toBeNaN();
  });

  it('gives no score', () => {
    expect(() => scoreEvidence(evidenceOf({ fr_liveness: Number.NaN }), recipe)).toThrow(/No score.*fr_liveness/);
    expect(() => scoreEvidence(evidenceOf({}), recipe)).toThrow(/No score/);
  });
});

describe('boundLogOdds', () => {
  it('leaves small values, bounds large ones and keeps their order', () => {
    expect(boundLogOdds(0.1, 3)).toBeCloseTo(0.1, 3);
    expect(boundLogOdds(-10, 3)).toBeGreaterThan(-3);
    expect(boundLogOdds(10, 3)).toBeGreaterThan(boundLogOdds(9.9, 3));
  });
});

describe('darkFaceBonus', () => {
  const darkFace = { luma: 110, fullAt: 60, vote: 0.5 };

  it('grows towards the dark, is bounded, and leaves other faces alone', () => {
    expect([200, 110, 85, 60, 10].map((luma) => darkFaceBonus(luma, darkFace))).toEqual([0, 0, 0.25, 0.5, 0.5]);
  });

  it.each(['baseline', 'recommended'] as const)('cannot alone carry an attack over 0.60 under %s', (profile) => {
    const { darkFace: own, scale } = MANIFEST.profiles[profile].recipe;
    expect(own.vote).toBeLessThan(scale.at60);
  });
});

/** One statement a model, with this share outside. */
function evidenceOf(
  logOdds: Record<string, number>,
  outsideShare: Record<string, number> = {},
  faceLuma = 130,
): Evidence {
  const statements = Object.entries(logOdds).map(([id, odds]) => {
    return [id, [{ logOdds: odds, outsideShare: outsideShare[id] ?? 0 }]];
  });
  return { statements: Object.fromEntries(statements), faceLuma };
}

describe('scoreEvidence', () => {
  const recipe = {
    weights: { a: 1, b: 3 },
    outsideCorrection: { b: 8 },
    whiteBalance: 0,
    limit: 1000,
    darkFace: { luma: 110, fullAt: 60, vote: 0.5 },
    scale: { at60: 1, at70: 2 },
  };

  it('is the weighted mean of corrected log-odds on the scale', () => {
    // (1 * 2 + 3 * (-1 + 8 * 0.25)) / 4 = 1.25.
    const score = scoreEvidence(evidenceOf({ a: 2, b: -1 }, { b: 0.25 }), recipe);
    expect(score).toBeCloseTo(toScore(1.25, recipe.scale), 5);
  });

  it('bounds each crop of a model, then takes their mean', () => {
    const bounded = { ...recipe, weights: { a: 1 }, outsideCorrection: {}, limit: 3 };
    const said = [9, -3, -3].map((logOdds) => ({ logOdds, outsideShare: 0 }));
    const vote = (boundLogOdds(9, 3) + 2 * boundLogOdds(-3, 3)) / 3;
    expect(scoreEvidence({ statements: { a: said }, faceLuma: 130 }, bounded)).toBeCloseTo(
      toScore(vote, bounded.scale),
      10,
    );
  });

  it('does not let one certain model outvote two doubtful ones', () => {
    const bounded = {
      ...recipe,
      weights: { a: 1, b: 1, c: 1 },
      outsideCorrection: {},
      limit: 3,
      scale: { at60: 0, at70: 1 },
    };
    const evidence = evidenceOf({ a: 10, b: -2, c: -2 });
    expect(scoreEvidence(evidence, bounded)).toBeLessThan(0.6);
    expect(scoreEvidence(evidence, { ...bounded, limit: 1000 })).toBeGreaterThan(0.6);
  });
});

describe.each(['baseline', 'recommended'] as const)('the score scale of %s', (profile) => {
  const { recipe } = MANIFEST.profiles[profile];
  const scoreAt = (logOdds: number) =>
    scoreEvidence(
      evidenceOf(
        Object.fromEntries(Object.keys(recipe.weights).map((id) => [id, logOdds])),
        Object.fromEntries(Object.keys(recipe.weights).map((id) => [id, 0.2])),
      ),
      recipe,
    );

  it('is anchored at 0.60 and 0.70', () => {
    expect(toScore(recipe.scale.at60, recipe.scale)).toBeCloseTo(0.6, 10);
    expect(toScore(recipe.scale.at70, recipe.scale)).toBeCloseTo(0.7, 10);
  });

  it('rises with every step of evidence, inside 0 and 1', () => {
    const scores = Array.from({ length: 401 }, (_, step) => scoreAt((step - 200) / 20));
    for (const [index, score] of scores.entries()) {
      expect(score).toBeGreaterThan(index === 0 ? 0 : (scores[index - 1] as number));
      expect(score).toBeLessThan(1);
    }
  });

  it('rises with the log-odds of each single model', () => {
    const ids = Object.keys(recipe.weights);
    for (const id of ids) {
      const doubtful = Object.fromEntries(ids.map((other) => [other, 0.5]));
      const surer = { ...doubtful, [id]: 0.6 };
      const before = scoreEvidence(evidenceOf(doubtful), recipe);
      expect(scoreEvidence(evidenceOf(surer), recipe), id).toBeGreaterThan(before);
    }
  });

  it('reaches both ends', () => {
    expect(scoreAt(10)).toBeGreaterThan(0.95);
    expect(scoreAt(-10)).toBeLessThan(0.05);
  });
});

describe('isSettled', () => {
  const { recipe } = MANIFEST.profiles.recommended;
  const ids = MANIFEST.profiles.recommended.models.filter((id) => id in recipe.weights);
  const { from, to } = recipe.exactRange ?? { from: 0, to: 0 };
  const firstOf = (odds: readonly number[], faceLuma: number, count = ids.length): Evidence =>
    evidenceOf(Object.fromEntries(ids.slice(0, count).map((id, index) => [id, odds[index] as number])), {}, faceLuma);

  it('never changes a decision at a threshold of the exact range', () => {
    const odds = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), {
      minLength: ids.length,
      maxLength: ids.length,
    });
    fc.assert(
      fc.property(odds, fc.integer({ min: 0, max: 255 }), (logOdds, faceLuma) => {
        const complete = scoreEvidence(firstOf(logOdds, faceLuma), recipe);
        for (let count = 1; count < ids.length; count++) {
          const partial = firstOf(logOdds, faceLuma, count);
          if (!isSettled(partial, recipe)) continue;
          const side = (score: number) => Number(score > to) - Number(score < from);
          expect(side(scoreEvidence(partial, recipe))).not.toBe(0);
          expect(side(scoreEvidence(partial, recipe))).toBe(side(complete));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('leaves models out for a sure attack and for a sure live face, and asks all in between', () => {
    expect(isSettled(firstOf([-10, -10, -10, -10], 130, 2), recipe)).toBe(true);
    expect(isSettled(firstOf([10, 10, 10, 10], 130, 2), recipe)).toBe(false);
    expect(isSettled(firstOf([10, 10, 10, 10], 130, 3), recipe)).toBe(true);
    expect(isSettled(firstOf([2, 2, 2, 2], 130, 3), recipe)).toBe(false);
  });

  it('asks all where the recipe has no exact range', () => {
    const { exactRange: _, ...exhaustive } = recipe;
    expect(isSettled(firstOf([-10, -10, -10, -10], 130, 3), exhaustive)).toBe(false);
  });
});
