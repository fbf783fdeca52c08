/** Everything an evaluation says, computed once, for the report, the table and the JSON. */
import { type Comparison, compareGroups } from './compare-groups.ts';
import { type ErrorRates, errorRatesAt } from './error-rates.ts';
import type { Metadata } from './read-metadata.ts';
import { areaUnderCurve, equalErrorRate } from './research-habits.ts';
import type { ScoredPresentation } from './score-tree.ts';

/** The default threshold of Verifik, Kairos and ours for Smartcomply, and GlobalData's (domain/thresholds). */
export const OPERATING_POINT = 0.6;
export const STRICT_POINT = 0.7;

/** Enough to see the trade, including both operating points. */
const THRESHOLDS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.55, OPERATING_POINT, 0.65, STRICT_POINT, 0.75, 0.8, 0.85, 0.9, 0.95];

export type Evaluation = {
  profile: string;
  models: { id: string; sha256: string }[];
  presentations: readonly ScoredPresentation[];
  /** Distinct subjects in the metadata, or null when it names none: without them the bounds assume independence. */
  subjects: number | null;
  byThreshold: { threshold: number; rates: ErrorRates }[];
  comparisons: Comparison[];
  eer: number | null;
  auc: number | null;
};

/** Computes every figure of one evaluation. */
export function evaluate(work: {
  profile: string;
  models: { id: string; sha256: string }[];
  presentations: readonly ScoredPresentation[];
  metadata: ReadonlyMap<string, Metadata>;
}): Evaluation {
  const { profile, models, presentations, metadata } = work;
  const subjects = new Set(presentations.map(({ name }) => metadata.get(name)?.subject ?? ''));
  subjects.delete('');
  return {
    profile,
    models,
    presentations,
    subjects: subjects.size > 0 ? subjects.size : null,
    byThreshold: THRESHOLDS.map((threshold) => ({ threshold, rates: errorRatesAt(threshold, presentations) })),
    comparisons: compareGroups({ presentations, metadata, threshold: OPERATING_POINT }),
    eer: equalErrorRate(presentations),
    auc: areaUnderCurve(presentations),
  };
}

/** The error rates at one of the listed thresholds. */
export function ratesAt(evaluation: Evaluation, threshold: number): ErrorRates {
  const entry = evaluation.byThreshold.find((candidate) => candidate.threshold === threshold);
  if (!entry) throw new Error(`The evaluation has no threshold ${threshold}.`);
  return entry.rates;
}
