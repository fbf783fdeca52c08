import { describe, expect, it } from 'vitest';
import { MANIFEST } from './manifest.ts';
import { liveLogOdds, scoreEvidence } from './score-presentation.ts';

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

describe('scoreEvidence', () => {
  const recipe = {
    weights: { a: 0.5, b: 0.25 },
    outsideShare: 2,
    intercept: -1,
    calibration: { slope: 2, offset: 0.5 },
  };

  it('is the sigmoid of the calibrated weighted sum', () => {
    // 0.5 * 2 + 0.25 * -4 + 2 * 0.25 - 1 = -0.5; 2 * -0.5 + 0.5 = -0.5.
    const score = scoreEvidence({ logOdds: { a: 2, b: -4 }, outsideShare: 0.25 }, recipe);
    expect(score).toBeCloseTo(1 / (1 + Math.exp(0.5)), 10);
  });

  it.each(['baseline', 'recommended'] as const)('reaches both ends of the scale under %s', (profile) => {
    const { recipe: own } = MANIFEST.profiles[profile];
    const all = (value: number) => Object.fromEntries(Object.keys(own.weights).map((id) => [id, value]));
    expect(scoreEvidence({ logOdds: all(10), outsideShare: 0.2 }, own)).toBeGreaterThan(0.95);
    expect(scoreEvidence({ logOdds: all(-10), outsideShare: 0.2 }, own)).toBeLessThan(0.05);
  });
});
