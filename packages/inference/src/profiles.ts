/** Which models score, decided once at start: from the setting and from what lies verified in the cache. */
import { join } from 'node:path';
import {
  fileNameOf,
  filesOf,
  type LandmarkModel,
  MANIFEST,
  type Manifest,
  type Model,
  type ModelFile,
  modelsOf,
  type PresentationModel,
  type ProfileName,
  type Recipe,
  withScales,
} from './manifest.ts';
import { hashFile } from './verify-file.ts';

export type ProfileSetting = 'auto' | ProfileName;

/** A model whose file has been verified, with its absolute or caller-relative path. */
export type VerifiedModel = Model & { file: string };

/** A candidate with its verified models: see shadow-scores.ts. */
export type VerifiedShadow = { name: string; recipe: Recipe; models: (PresentationModel & { file: string })[] };

/** One verified set of models, the recipe that turns their outputs into a score, and what the gates need. */
export type Profile = {
  name: ProfileName;
  models: VerifiedModel[];
  recipe: Recipe;
  landmarks: LandmarkModel & { file: string };
  shadows: VerifiedShadow[];
};

/**
 * The profile to serve with. `auto` takes `recommended` when it is complete, else `baseline`; an explicit setting is
 * never replaced. Throws when files are missing, and whenever a file is not the one the manifest pins.
 */
export async function resolveProfile(options: {
  setting: ProfileSetting;
  modelsDir: string;
  manifest?: Manifest;
}): Promise<Profile> {
  const { setting, modelsDir, manifest = MANIFEST } = options;
  const open = { modelsDir, manifest };
  if (setting !== 'baseline') {
    const recommended = await verifyModels('recommended', open);
    if (recommended.missing.length === 0) return toProfile('recommended', recommended.files, manifest);
    if (setting === 'recommended') throw incomplete('recommended', recommended.missing);
  }
  const baseline = await verifyModels('baseline', open);
  if (baseline.missing.length > 0) throw incomplete('baseline', baseline.missing);
  return toProfile('baseline', baseline.files, manifest);
}

/** Model id to the path of its verified file. */
type Files = ReadonlyMap<string, string>;

function toProfile(name: ProfileName, files: Files, manifest: Manifest): Profile {
  const { recipe, shadows } = manifest.profiles[name];
  const withFile = <M extends ModelFile>(model: M) => ({ ...model, file: files.get(model.id) as string });
  const presentation = manifest.models.filter((model) => model.task === 'presentation');
  return {
    name,
    models: modelsOf(name, manifest).map(withFile),
    recipe,
    landmarks: withFile(manifest.landmarks),
    shadows: shadows.map((shadow) => ({
      ...shadow,
      models: presentation
        .filter(({ id }) => id in shadow.recipe.weights)
        .map((model) => withFile(withScales(model, shadow.recipe))),
    })),
  };
}

async function verifyModels(name: ProfileName, { modelsDir, manifest }: { modelsDir: string; manifest: Manifest }) {
  const files = new Map<string, string>();
  const missing: string[] = [];
  for (const model of filesOf(name, manifest)) {
    const file = join(modelsDir, fileNameOf(model));
    const found = await hashFile(file);
    if (found === null) missing.push(file);
    else if (found !== model.sha256) throw wrongHash(file, model, found);
    else files.set(model.id, file);
  }
  return { files, missing };
}

function wrongHash(file: string, model: ModelFile, found: string): Error {
  return new Error(
    `${file} is not the pinned model ${model.id}: expected SHA-256 ${model.sha256}, got ${found}. Delete it and run \`npm run models:fetch\`.`,
  );
}

function incomplete(name: ProfileName, missing: string[]): Error {
  const hint = name === 'recommended' ? ' with LIVEGATE_MODEL_MIRROR=<dir> or a network' : '';
  return new Error(
    `Model profile ${name} is incomplete, missing ${missing.join(', ')}. Run \`npm run models:fetch\`${hint}.`,
  );
}
