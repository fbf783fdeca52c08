/**
 * From frames to a verdict. Frames of one moment are one sample, so the check's score is the median over its scored
 * frames (models.md: mean and median are equal there, the minimum is worse; the median survives one odd frame).
 * Fail closed: no score never passes, whatever the threshold.
 */
import type { ReasonCode } from './reasons.ts';
import { CONTRACTS, type ContractName } from './thresholds.ts';

/** Face box in fractions of the frame's width and height, after EXIF orientation. */
export type BoundingBox = { left: number; top: number; width: number; height: number };

/** A face that was found, chosen or not; `confidence` from 0 to 1 is the detector's. */
export type DetectedFace = { boundingBox: BoundingBox; confidence: number };

/** What scoring one frame yields: a score from 0 to 1 (likelihood of a bona fide presentation) or null with reasons. */
export type FrameScore = { score: number | null; reasons: readonly ReasonCode[]; boundingBox: BoundingBox | null };

/** Frames that must have been scored before a hosted check gets a verdict: below that a median is one frame's opinion. */
export const MIN_SCORED_FRAMES = 3;

/** `score` from 0 to 1 or null when it was not evaluated; with null, `reasons` says why. */
export type Summary = { score: number | null; reasons: ReasonCode[] };

/** Median score over the scored frames, or null with the reasons of the frames that were not, the most frequent first. */
export function summariseFrames(frames: readonly FrameScore[], minScored = MIN_SCORED_FRAMES): Summary {
  const scores = frames.flatMap((frame) => (frame.score === null ? [] : [frame.score]));
  if (scores.length >= minScored && scores.length > 0) return { score: median(scores), reasons: [] };
  const reasons = reasonsByFrequency(frames.filter((frame) => frame.score === null));
  return { score: null, reasons: reasons.length > 0 ? reasons : ['TOO_FEW_FRAMES'] };
}

export type Verdict = { passed: boolean; confidence: number; threshold: number; reasons: ReasonCode[] };

/** Applies one contract's rounding, then its comparison, to a summary. `threshold` is on the contract's own scale. */
export function decideVerdict(contract: ContractName, summary: Summary, threshold: number): Verdict {
  const rule = CONTRACTS[contract];
  if (summary.score === null || !Number.isFinite(summary.score)) {
    return { passed: false, confidence: 0, threshold, reasons: nonEmpty(summary.reasons, 'PROCESSING_ERROR') };
  }
  const confidence = rule.round(summary.score * rule.scale);
  const passed = rule.comparator === '>' ? confidence > threshold : confidence >= threshold;
  return { passed, confidence, threshold, reasons: passed ? [] : nonEmpty(summary.reasons, 'PRESENTATION_ATTACK') };
}

function nonEmpty(reasons: ReasonCode[], otherwise: ReasonCode): ReasonCode[] {
  return reasons.length > 0 ? reasons : [otherwise];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

function reasonsByFrequency(frames: readonly FrameScore[]): ReasonCode[] {
  const counts = new Map<ReasonCode, number>();
  for (const reason of frames.flatMap((frame) => frame.reasons)) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).map(([reason]) => reason);
}
