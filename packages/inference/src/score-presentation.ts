/** From crops to a score: each model's log-odds of a live face, weighted by the profile's recipe. */
import { cropFace, type FaceCrop } from './crop-face.ts';
import type { Picture } from './decode-image.ts';
import type { Box } from './face-box.ts';
import type { PresentationModel, Recipe } from './manifest.ts';
import type { OnnxSession } from './onnx-session.ts';

/** An opened presentation-attack model. */
export type Scorer = { model: PresentationModel; session: OnnxSession };

/** What the nets said: log-odds of live by model id, the share of the square crops outside the picture, the face's luma. */
export type Evidence = { logOdds: Record<string, number>; outsideShare: number; faceLuma: number };

/** The clamp the recipes were fitted with: beyond it a net is only more over-confident. */
const MAX_LOG_ODDS = 10;

/** Runs every scorer on the face. */
export async function gatherEvidence(work: {
  scorers: readonly Scorer[];
  picture: Picture;
  face: Box;
  faceLuma: number;
}): Promise<Evidence> {
  const { scorers, picture, face, faceLuma } = work;
  const logOdds: Record<string, number> = {};
  let outsideShare = 0;
  for (const { model, session } of scorers) {
    const odds: number[] = [];
    const shares: number[] = [];
    for (const scale of model.crop.scales) {
      const crop = cropFace({ picture, face, model, scale });
      odds.push(await runScorer({ model, session }, crop));
      shares.push(crop.outsideShare);
    }
    logOdds[model.id] = mean(odds);
    // The recipes read it from the model with several square crops only.
    if (shares.length > 1) outsideShare = mean(shares);
  }
  return { logOdds, outsideShare, faceLuma };
}

async function runScorer({ model, session }: Scorer, crop: FaceCrop): Promise<number> {
  const outputs = await session.run(crop.planes, model.input.shape);
  return liveLogOdds(Object.values(outputs)[0] as Float32Array, model.liveIndex);
}

/** `logit of live - logsumexp of the others`, clamped to ±10. */
export function liveLogOdds(logits: Float32Array, liveIndex: number): number {
  const others = [...logits].filter((_, index) => index !== liveIndex);
  const highest = Math.max(...others);
  const sum = others.reduce((total, logit) => total + Math.exp(logit - highest), 0);
  const odds = (logits[liveIndex] as number) - highest - Math.log(sum);
  return Math.min(MAX_LOG_ODDS, Math.max(-MAX_LOG_ODDS, odds));
}

/** Likelihood from 0 to 1 that the presentation is bona fide, on the one scale that all profiles share. */
export function scoreEvidence(evidence: Evidence, recipe: Recipe): number {
  const vote = meanVote(evidence, recipe) + darkFaceBonus(evidence.faceLuma, recipe.darkFace);
  return toScore(vote, recipe.scale);
}

/** Weighted mean of what the models say, each corrected, then bounded, so that one loud model cannot outvote the rest. */
function meanVote({ logOdds, outsideShare }: Evidence, { weights, outsideCorrection, limit }: Recipe): number {
  let votes = 0;
  let total = 0;
  for (const [id, weight] of Object.entries(weights)) {
    const corrected = (logOdds[id] as number) + (outsideCorrection[id] ?? 0) * outsideShare;
    votes += weight * boundLogOdds(corrected, limit);
    total += weight;
  }
  return votes / total;
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
