import { describe, expect, it } from 'vitest';
import { errorRatesAt } from './error-rates.ts';

const outcomes = [
  ...[0.9, 0.6, 0.59, null].map((score) => ({ species: null, score })),
  ...[0.6, 0.1, null, null, null].map((score) => ({ species: 'print', score })),
  ...[0.7, 0.2].map((score) => ({ species: 'replay', score })),
];

describe('errorRatesAt', () => {
  const { bonaFide, species, maxApcer } = errorRatesAt(0.6, outcomes);

  it('accepts from the threshold on, and counts attacks by species', () => {
    expect(species.print).toMatchObject({ n: 5, errors: 1, rate: 0.2 });
    expect(species.replay).toMatchObject({ n: 2, errors: 1, rate: 0.5 });
    expect(maxApcer).toBe(0.5);
  });

  it('counts bona fide below the threshold, and none without a score', () => {
    expect(bonaFide).toMatchObject({ n: 4, errors: 1, rate: 0.25, unscored: 1, nonResponse: 0.25 });
  });

  it('keeps the harsher reading, over scored presentations only', () => {
    expect(species.print).toMatchObject({ unscored: 3, nonResponse: 0.6, rateOfScored: 0.5 });
    expect(bonaFide.rateOfScored).toBeCloseTo(1 / 3, 10);
  });

  it('never reports a bare zero', () => {
    const rate = errorRatesAt(0.99, outcomes).species.print;
    expect(rate?.rate).toBe(0);
    expect(rate?.upper95).toBeCloseTo(1 - 0.05 ** (1 / 5), 6);
  });
});
