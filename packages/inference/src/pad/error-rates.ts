/** ISO/IEC 30107-3 error rates at one threshold. */
import { upperBound95 } from './clopper-pearson.ts';

/** One presentation after scoring: null means that no score was reached. */
export type Outcome = { species: string | null; score: number | null };

export type ErrorRate = {
  /** Presentations, those without a score included. */
  n: number;
  errors: number;
  /** errors / n. */
  rate: number;
  /** One-sided 95 % Clopper-Pearson bound of `rate`. */
  upper95: number;
  /** Presentations without a score, which are not errors of classification. */
  unscored: number;
  nonResponse: number;
};

/** `maxApcer` with the largest of the bounds, which need not be that of the species with the largest rate. */
export type ErrorRates = {
  bonaFide: ErrorRate;
  species: Record<string, ErrorRate>;
  maxApcer: { rate: number; upper95: number };
};

/**
 * APCER of each species, the largest of them, and BPCER. Accepted means `score >= threshold`. The standard's rates are
 * proportions of presentations, so `n` counts all: an attack without a score was not accepted, and a bona fide without
 * one was not classified as an attack; both appear as non-response (APNRR, BPNRR).
 */
export function errorRatesAt(threshold: number, outcomes: readonly Outcome[]): ErrorRates {
  const names = [...new Set(outcomes.flatMap(({ species }) => (species === null ? [] : [species])))].sort();
  const species = Object.fromEntries(
    names.map((name) => [name, rateOf(scoresOf(outcomes, name), (score) => score >= threshold)]),
  );
  return {
    bonaFide: rateOf(scoresOf(outcomes, null), (score) => score < threshold),
    species,
    maxApcer: { rate: largest(species, 'rate'), upper95: largest(species, 'upper95') },
  };
}

function largest(species: Record<string, ErrorRate>, figure: 'rate' | 'upper95'): number {
  return Object.values(species).reduce((most, rate) => Math.max(most, rate[figure]), 0);
}

function scoresOf(outcomes: readonly Outcome[], species: string | null): (number | null)[] {
  return outcomes.filter((outcome) => outcome.species === species).map(({ score }) => score);
}

/** The rate of wrong decisions among scores, null ones counting as no decision. */
export function rateOf(scores: readonly (number | null)[], isError: (score: number) => boolean): ErrorRate {
  const n = scores.length;
  const unscored = scores.filter((score) => score === null).length;
  const errors = scores.filter((score) => score !== null && isError(score)).length;
  return {
    n,
    errors,
    rate: n === 0 ? 0 : errors / n,
    upper95: upperBound95(errors, n),
    unscored,
    nonResponse: n === 0 ? 0 : unscored / n,
  };
}
