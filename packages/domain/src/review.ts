/**
 * Which verdicts a person should look at, and what they can say. Reviewers are blind: they see pictures, never score, verdict,
 * client or why they are asked, so that their labels can be held against the models.
 */
import { hasStrongSignal, type RiskPolicy, type RiskSignal } from './risk-signals.ts';
import { CONTRACTS, type ContractName } from './thresholds.ts';
import type { Verdict } from './verdict.ts';

/** Share of the contract's scale on either side of the threshold within which a score says little. */
const NEAR = 0.05;

type Decided = {
  contract: ContractName;
  /** The score on the contract's scale; null when there is none. */
  confidence: number | null;
  verdict: Pick<Verdict, 'passed' | 'threshold'>;
  signals: readonly RiskSignal[];
  policy: RiskPolicy;
};

/** What makes a verdict uncertain: THE table. */
export const REVIEW_CAUSES = {
  near_threshold: ({ contract, confidence, verdict }: Decided) =>
    confidence !== null && Math.abs(confidence - verdict.threshold) <= NEAR * CONTRACTS[contract].scale,
  asked_for: ({ signals, policy }: Decided) => policy === 'review' && hasStrongSignal(signals),
  passed_with_risk: ({ verdict, signals }: Decided) => verdict.passed && hasStrongSignal(signals),
} as const satisfies Record<string, (decided: Decided) => boolean>;
export type ReviewCause = keyof typeof REVIEW_CAUSES;

/** Why a person should look at it; none when nobody has to. */
export function reviewCauses(decided: Decided): ReviewCause[] {
  return (Object.keys(REVIEW_CAUSES) as ReviewCause[]).filter((cause) => REVIEW_CAUSES[cause](decided));
}

/**
 * What a reviewer can say, and the folder in which `npm run pad` looks for it; null: it is no evidence and goes into none.
 * An attack is named by its species, as ISO/IEC 30107-3 counts them.
 */
export const REVIEW_LABELS = {
  bona_fide: { folder: 'live', meaning: 'A person before the camera.' },
  print: { folder: 'print', meaning: 'A picture on paper or card.' },
  replay: { folder: 'replay', meaning: 'A picture or video on a screen.' },
  mask: { folder: 'mask', meaning: 'A mask, of paper or in three dimensions.' },
  injection: { folder: 'injection', meaning: 'Not from a camera: generated or altered, as a face swap.' },
  other_attack: { folder: 'other_attack', meaning: 'An attack of another kind.' },
  unsure: { folder: null, meaning: 'It cannot be told.' },
} as const satisfies Record<string, { folder: string | null; meaning: string }>;
export type ReviewLabel = keyof typeof REVIEW_LABELS;
export const REVIEW_LABEL_NAMES = Object.keys(REVIEW_LABELS) as [ReviewLabel, ...ReviewLabel[]];

/** How many people may look at one check, each without the other's label. */
export const REVIEWERS_PER_CHECK = 2;

/** Seconds for which a claim keeps others away; then the check is free again. */
export const REVIEW_LEASE_SECONDS = 300;
