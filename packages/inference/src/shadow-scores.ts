/**
 * Candidates that score every frame beside the live recipe and decide nothing: how a model is tried on real traffic
 * before it replaces another. A candidate that fails costs its own score only.
 */
import type { Picture } from './decode-image.ts';
import type { Box } from './face-box.ts';
import type { Recipe } from './manifest.ts';
import { gatherEvidence, type Scorer, scoreEvidence } from './score-presentation.ts';

/** A candidate with its models opened. */
export type OpenShadow = { name: string; recipe: Recipe; scorers: readonly Scorer[] };

/** Score by the candidate's name, on the candidate's own scale; null where it failed. */
export type ShadowScores = Record<string, number | null>;

/** Scores a face that the live recipe has scored. */
export async function scoreShadows(work: {
  shadows: readonly OpenShadow[];
  picture: Picture;
  face: Box;
  faceLuma: number;
}): Promise<ShadowScores> {
  const { shadows, ...subject } = work;
  const scores: ShadowScores = {};
  for (const { name, recipe, scorers } of shadows) {
    scores[name] = await gatherEvidence({ scorers, recipe, ...subject, asksAll: false })
      .then((evidence) => scoreEvidence(evidence, recipe))
      .catch(() => null);
  }
  return scores;
}
