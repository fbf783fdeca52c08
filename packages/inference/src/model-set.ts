/** The identity of what scores: which models, by hash, under which recipe. */
import type { Recipe } from './manifest.ts';
import type { Profile } from './profiles.ts';
import { sha256 } from './verify-file.ts';

/** `models` in the order in which they are asked, the landmark model of the gates last. */
export type DescribedModelSet = {
  digest: string;
  profile: string;
  models: { id: string; sha256: string }[];
  recipe: Recipe;
};

/** Equal digests mean equal models and an equal recipe. Shadows decide nothing and are not part of it. */
export function describeModelSet({ name, models, landmarks, recipe }: Profile): DescribedModelSet {
  const identified = [...models, landmarks].map((model) => ({ id: model.id, sha256: model.sha256 }));
  const content = { profile: name, models: identified, recipe };
  return { digest: sha256(Buffer.from(JSON.stringify(content))), ...content };
}
