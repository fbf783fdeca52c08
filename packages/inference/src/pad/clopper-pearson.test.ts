import { describe, expect, it } from 'vitest';
import { upperBound95 } from './clopper-pearson.ts';

describe('upperBound95', () => {
  it.each([
    // No error in n: 1 - 0.05^(1/n), exactly.
    { errors: 0, trials: 59, bound: 1 - 0.05 ** (1 / 59) },
    { errors: 0, trials: 1, bound: 0.95 },
    // One error in two: (1 - p)^2 + 2 p (1 - p) = 1 - p^2 = 0.05.
    { errors: 1, trials: 2, bound: Math.sqrt(0.95) },
    // Quantile 0.95 of Beta(4, 7), computed with SciPy.
    { errors: 3, trials: 10, bound: 0.6066242 },
    { errors: 1500, trials: 2000, bound: 0.7658977 },
    { errors: 5, trials: 5, bound: 1 },
    { errors: 0, trials: 0, bound: 1 },
  ])('allows $bound after $errors of $trials', ({ errors, trials, bound }) => {
    expect(upperBound95(errors, trials)).toBeCloseTo(bound, 6);
  });
});
