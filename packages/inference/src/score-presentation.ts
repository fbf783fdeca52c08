/** From crops to a score: each model's log-odds of a live face, weighted by the profile's recipe. */
import { cropFace, type FaceCrop } from './crop-face.ts';
import type { Picture } from './decode-image.ts';
import type { Box } from './face-box.ts';
import type { PresentationModel, Recipe } from './manifest.ts';
import type { OnnxSession } from './onnx-session.ts';

/** An opened presentation-attack model. */
export type Scorer = { model: PresentationModel; session: OnnxSession };

/** What the nets said: log-odds of live by model id, and the share of the square crops outside the picture. */
export type Evidence = { logOdds: Record<string, number>; outsideShare: number };

/** The clamp the recipes were fitted with: beyond it a net is only more over-confident. */
const MAX_LOG_ODDS = 10;

/** Runs every scorer on the face. */
export async function gatherEvidence(work: {
  scorers: readonly Scorer[];
  picture: Picture;
  face: Box;
}): Promise<Evidence> {
  const { scorers, picture, face } = work;
  const logOdds: Record<string, number> = {};
  let outsideShare = 0;
  for (const { model, session } of scorers) {
    const crops = model.crop.scales.map((scale) => cropFace({ picture, face, model, scale }));
    logOdds[model.id] = mean(await runAll({ model, session, crops }));
    // The recipes read it from the model with several square crops only.
    if (crops.length > 1) outsideShare = mean(crops.map((crop) => crop.outsideShare));
  }
  return { logOdds, outsideShare };
}

async function runAll(work: Scorer & { crops: readonly FaceCrop[] }): Promise<number[]> {
  const values: number[] = [];
  for (const { planes } of work.crops) {
    const outputs = await work.session.run(planes, work.model.input.shape);
    values.push(liveLogOdds(Object.values(outputs)[0] as Float32Array, work.model.liveIndex));
  }
  return values;
}

/** `logit of live - logsumexp of the others`, clamped to ±10. */
export function liveLogOdds(logits: Float32Array, liveIndex: number): number {
  const others = [...logits].filter((_, index) => index !== liveIndex);
  const highest = Math.max(...others);
  const sum = others.reduce((total, logit) => total + Math.exp(logit - highest), 0);
  const odds = (logits[liveIndex] as number) - highest - Math.log(sum);
  return Math.min(MAX_LOG_ODDS, Math.max(-MAX_LOG_ODDS, odds));
}

/** Likelihood from 0 to 1 that the presentation is bona fide, on the calibrated scale of the profile. */
export function scoreEvidence({ logOdds, outsideShare }: Evidence, recipe: Recipe): number {
  const weighted = Object.entries(recipe.weights).reduce(
    (sum, [id, weight]) => sum + weight * (logOdds[id] as number),
    recipe.intercept + recipe.outsideShare * outsideShare,
  );
  return 1 / (1 + Math.exp(-(recipe.calibration.slope * weighted + recipe.calibration.offset)));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
