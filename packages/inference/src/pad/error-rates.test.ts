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
    expect(maxApcer.rate).toBe(0.5);
  });

  it('counts bona fide below the threshold, and none without a score', () => {
    expect(bonaFide).toMatchObject({ n: 4, errors: 1, rate: 0.25, unscored: 1, nonResponse: 0.25 });
  });

  it('bounds the largest rate by the largest bound, of whichever species', () => {
    // One error in 40 bounds lower than none in 2.
    const few = [0.1, 0.1].map((score) => ({ species: 'mask', score }));
    const many = Array.from({ length: 40 }, (_, at) => ({ species: 'print', score: at === 0 ? 0.9 : 0.1 }));
    const { species: rates, maxApcer: most } = errorRatesAt(0.6, [...few, ...many]);
    expect(most).toEqual({ rate: 1 / 40, upper95: rates.mask?.upper95 });
    expect(most.upper95).toBeGreaterThan(rates.print?.upper95 as number);
  });

  it('never reports a bare zero', () => {
    const rate = errorRatesAt(0.99, outcomes).species.print;
    expect(rate?.rate).toBe(0);
    expect(rate?.upper95).toBeCloseTo(1 - 0.05 ** (1 / 5), 6);
  });
});
