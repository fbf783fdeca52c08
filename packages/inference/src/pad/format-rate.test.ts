import { describe, expect, it } from 'vitest';
import { rateOf } from './error-rates.ts';
import { formatBound, formatNonResponse, formatRate, formatRateOfScored } from './format-rate.ts';

describe('formatBound', () => {
  it.each([
    [0.05301, '5.4 %'],
    [0.053, '5.3 %'],
    [0.95, '95.0 %'],
    [1, '100.0 %'],
    [0.00664, '0.7 %'],
    [0.001, '0.1 %'],
    [0.000231, '0.024 %'],
    [0.00000231, '0.00024 %'],
  ])('rounds %d up to %s', (share, printed) => {
    expect(formatBound(share)).toBe(printed);
  });
});

describe('a rate', () => {
  it('of 0 in 130,000 does not print as impossible', () => {
    const rate = rateOf(Array(130_000).fill(0.1), (score) => score >= 0.6);
    expect(formatRate(rate)).toBe('0.0 % (0/130000, at most 0.0024 %)');
  });

  it('of nothing is none', () => {
    const rate = rateOf([null, null], () => true);
    expect(formatRate(rate)).toBe('0.0 % (0/2, at most 77.7 %)');
    expect(formatRateOfScored(rate)).toBe('–');
    expect(formatNonResponse(rate)).toBe('100.0 % (2/2, at most 100.0 %)');
  });
});
