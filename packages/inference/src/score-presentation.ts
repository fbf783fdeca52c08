/** From crops to a score: each model's log-odds of a live face, weighted by the profile's recipe. */
import { measureGains } from './balance-white.ts';
import { cropFace, type FaceCrop } from './crop-face.ts';
import type { Picture } from './decode-image.ts';
import type { Box } from './face-box.ts';
import type { PresentationModel, Recipe } from './manifest.ts';
import type { OnnxSession } from './onnx-session.ts';
import type { Gains } from './resample.ts';

/** An opened presentation-attack model. */
export type Scorer = { model: PresentationModel; session: OnnxSession };

/** What a model said of one crop: log-odds of live, and the share of the crop outside the picture. */
export type Statement = { logOdds: number; outsideShare: number };

/** What the models that were asked said, by model id, a statement a crop; and the face's luma. */
export type Evidence = { statements: Record<string, readonly Statement[]>; faceLuma: number };

/** The clamp the recipes were fitted with: beyond it a net is only more over-confident. */
const MAX_LOG_ODDS = 10;

type Work = { scorers: readonly Scorer[]; recipe: Recipe; picture: Picture; face: Box; faceLuma: number };

/** Runs the scorers on the face, in their order, until the score is settled; all of them if `asksAll`. */
export async function gatherEvidence(work: Work & { asksAll: boolean }): Promise<Evidence> {
  const { scorers, recipe, picture, face, faceLuma, asksAll } = work;
  const evidence: Evidence = { statements: {}, faceLuma };
  const gains = measureGains({ picture, face, strength: recipe.whiteBalance });
  for (const scorer of scorers) {
    if (!asksAll && isSettled(evidence, recipe)) break;
    evidence.statements[scorer.model.id] = await askScorer({ scorer, picture, face, gains });
  }
  return evidence;
}

async function askScorer(work: { scorer: Scorer; picture: Picture; face: Box; gains: Gains }): Promise<Statement[]> {
  const { scorer, ...subject } = work;
  const { model } = scorer;
  const statements: Statement[] = [];
  for (const scale of model.crop.scales) {
    const crop = cropFace({ ...subject, model, scale });
    statements.push({ logOdds: await runScorer(scorer, crop), outsideShare: crop.outsideShare });
  }
  return statements;
}

async function runScorer({ model, session }: Scorer, crop: FaceCrop): Promise<number> {
  const outputs = await session.run(crop.planes, model.input.shape);
  return liveLogOdds(Object.values(outputs)[0] as Float32Array, model.liveIndex);
}

/** `logit of live - logsumexp of the others`, clamped to ±10; NaN where a logit is not a number that can be meant. */
export function liveLogOdds(logits: Float32Array, liveIndex: number): number {
  // Infinity would be clamped to the surest live face there is.
  if (!logits.every(Number.isFinite)) return Number.NaN;
  const others = [...logits].filter((_, index) => index !== liveIndex);
  const highest = Math.max(...others);
  const sum = others.reduce((total, logit) => total + Math.exp(logit - highest), 0);
  const odds = (logits[liveIndex] as number) - highest - Math.log(sum);
  return Math.min(MAX_LOG_ODDS, Math.max(-MAX_LOG_ODDS, odds));
}

/**
 * Likelihood from 0 to 1 that the presentation is bona fide, on the one scale that all profiles share. Throws when that is
 * not a number: a fault of ours, which no threshold may be compared with.
 */
export function scoreEvidence(evidence: Evidence, recipe: Recipe): number {
  const score = scoreVotes(countVotes(evidence, recipe), { evidence, recipe });
  if (!Number.isFinite(score))
    throw new Error(`No score came of the models asked (${Object.keys(evidence.statements).join(', ')}).`);
  return score;
}

/**
 * Whether the models not asked yet can be left out: even if all of them voted as high or as low as a vote can be, the
 * score would stay below the range in which scores are exact, or above it. Left out, the score is that of the mean vote of
 * the others, which lies between the two: on the same side of every threshold in the range.
 */
export function isSettled(evidence: Evidence, recipe: Recipe): boolean {
  const { exactRange, limit } = recipe;
  if (!exactRange) return false;
  const asked = countVotes(evidence, recipe);
  const weight = totalWeight(recipe.weights);
  const scoreIfAllVoted = (vote: number) =>
    scoreVotes({ sum: asked.sum + (weight - asked.weight) * vote, weight }, { evidence, recipe });
  return scoreIfAllVoted(limit) < exactRange.from || scoreIfAllVoted(-limit) > exactRange.to;
}

type Votes = { sum: number; weight: number };

/**
 * The votes of the models that were asked: the mean over a model's crops, each corrected, then bounded, so that one loud
 * statement cannot outvote the rest.
 */
function countVotes({ statements }: Evidence, { weights, outsideCorrection, limit }: Recipe): Votes {
  const votes = { sum: 0, weight: 0 };
  for (const [id, weight] of Object.entries(weights)) {
    const said = statements[id];
    if (!said) continue;
    const correction = outsideCorrection[id] ?? 0;
    const bounded = said.map(({ logOdds, outsideShare }) => boundLogOdds(logOdds + correction * outsideShare, limit));
    votes.sum += weight * mean(bounded);
    votes.weight += weight;
  }
  return votes;
}

function scoreVotes({ sum, weight }: Votes, { evidence, recipe }: { evidence: Evidence; recipe: Recipe }): number {
  return toScore(sum / weight + darkFaceBonus(evidence.faceLuma, recipe.darkFace), recipe.scale);
}

function totalWeight(weights: Recipe['weights']): number {
  return Object.values(weights).reduce((sum, weight) => sum + weight, 0);
}

/** Near `logOdds` while small, never beyond ±limit, rising everywhere: the nets are over-confident (models.md). */
export function boundLogOdds(logOdds: number, limit: number): number {
  return limit * Math.tanh(logOdds / limit);
}

/**
 * The nets give a dark live face lower votes, but a dark print no higher ones (README), so what they take is given back
 * in part. Bounded, because an attacker can choose the light.
 */
export function darkFaceBonus(faceLuma: number, { luma, fullAt, vote }: Recipe['darkFace']): number {
  return vote * Math.min(1, Math.max(0, (luma - faceLuma) / (luma - fullAt)));
}

/** The line through the two anchors on the logit scale, then the sigmoid: rises everywhere, strictly between 0 and 1. */
export function toScore(vote: number, { at60, at70 }: Recipe['scale']): number {
  const slope = (logit(0.7) - logit(0.6)) / (at70 - at60);
  return 1 / (1 + Math.exp(-(logit(0.6) + slope * (vote - at60))));
}

function logit(probability: number): number {
  return Math.log(probability / (1 - probability));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Mean log-odds of each model that was asked. */
export function logOddsOf({ statements }: Evidence): Record<string, number> {
  return Object.fromEntries(
    Object.entries(statements).map(([id, said]) => [id, mean(said.map(({ logOdds }) => logOdds))]),
  );
}
