/** EER and AUC: habits of research papers, which pool all attacks. No standard accepts or rejects by them. */
import type { Outcome } from './error-rates.ts';

/** A threshold with both error rates over the scored presentations. */
export type OperatingPoint = { threshold: number; apcer: number; bpcer: number };

/** Every threshold at which a rate changes, rising, with pooled APCER and BPCER over scored presentations. */
export function operatingPoints(outcomes: readonly Outcome[]): OperatingPoint[] {
  const { live, attacks } = scoredOf(outcomes);
  const thresholds = [...new Set([...live, ...attacks])].sort((a, b) => a - b);
  let livesBelow = 0;
  let attacksBelow = 0;
  const points = thresholds.map((threshold) => {
    while (livesBelow < live.length && (live[livesBelow] as number) < threshold) livesBelow++;
    while (attacksBelow < attacks.length && (attacks[attacksBelow] as number) < threshold) attacksBelow++;
    return { threshold, apcer: 1 - attacksBelow / attacks.length, bpcer: livesBelow / live.length };
  });
  return [...points, { threshold: 1, apcer: 0, bpcer: 1 }];
}

/** The mean of both rates where they are closest; null when one side has no score at all. */
export function equalErrorRate(outcomes: readonly Outcome[]): number | null {
  const { live, attacks } = scoredOf(outcomes);
  if (live.length === 0 || attacks.length === 0) return null;
  const gap = ({ apcer, bpcer }: OperatingPoint) => Math.abs(apcer - bpcer);
  const closest = operatingPoints(outcomes).reduce((best, point) => (gap(point) < gap(best) ? point : best));
  return (closest.apcer + closest.bpcer) / 2;
}

/** Probability that a bona fide scores above an attack, ties counting half; null when one side has no score at all. */
export function areaUnderCurve(outcomes: readonly Outcome[]): number | null {
  const { live, attacks } = scoredOf(outcomes);
  if (live.length === 0 || attacks.length === 0) return null;
  let wins = 0;
  let below = 0;
  let upTo = 0;
  for (const score of live) {
    while (below < attacks.length && (attacks[below] as number) < score) below++;
    while (upTo < attacks.length && (attacks[upTo] as number) <= score) upTo++;
    wins += (below + upTo) / 2;
  }
  return wins / (live.length * attacks.length);
}

function scoredOf(outcomes: readonly Outcome[]): { live: number[]; attacks: number[] } {
  const scored = (isLive: boolean) =>
    outcomes
      .flatMap(({ species, score }) => ((species === null) === isLive && score !== null ? [score] : []))
      .sort((a, b) => a - b);
  return { live: scored(true), attacks: scored(false) };
}
