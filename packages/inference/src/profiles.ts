/** Which models score, decided once at start: from the setting and from what lies verified in the cache. */
import { join } from 'node:path';
import { type DropShadow, dropOnStderr, keepWorking } from './drop-shadow.ts';
import {
  fileNameOf,
  type LandmarkModel,
  liveFilesOf,
  MANIFEST,
  type Manifest,
  type Model,
  type ModelFile,
  modelsOf,
  type PresentationModel,
  type ProfileName,
  type Recipe,
  type Shadow,
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
 * never replaced. Throws when files are missing, and whenever a file is not the one the manifest pins. A candidate of
 * which that is true is dropped, and has no say in which profile serves.
 */
export async function resolveProfile(options: {
  setting: ProfileSetting;
  modelsDir: string;
  manifest?: Manifest;
  onShadowDropped?: DropShadow;
}): Promise<Profile> {
  const { setting, modelsDir, manifest = MANIFEST, onShadowDropped = dropOnStderr } = options;
  const name = await chooseProfile(setting, { modelsDir, manifest });
  const shadows = await keepWorking(manifest.profiles[name].shadows, onShadowDropped, (shadow) =>
    verifyShadow(shadow, { modelsDir, manifest }),
  );
  return {
    name,
    models: modelsOf(name, manifest).map((model) => withFile(model, modelsDir)),
    recipe: manifest.profiles[name].recipe,
    landmarks: withFile(manifest.landmarks, modelsDir),
    shadows,
  };
}

type Source = { modelsDir: string; manifest: Manifest };

async function chooseProfile(setting: ProfileSetting, { modelsDir, manifest }: Source): Promise<ProfileName> {
  if (setting !== 'baseline') {
    const missing = await verifyFiles(liveFilesOf('recommended', manifest), modelsDir);
    if (missing.length === 0) return 'recommended';
    if (setting === 'recommended') throw incomplete('recommended', missing);
  }
  const missing = await verifyFiles(liveFilesOf('baseline', manifest), modelsDir);
  if (missing.length > 0) throw incomplete('baseline', missing);
  return 'baseline';
}

async function verifyShadow({ name, recipe }: Shadow, { modelsDir, manifest }: Source): Promise<VerifiedShadow> {
  const models = manifest.models
    .filter((model) => model.task === 'presentation')
    .filter(({ id }) => id in recipe.weights);
  const missing = await verifyFiles(models, modelsDir);
  if (missing.length > 0) throw new Error(`missing ${missing.join(', ')}. Run \`npm run models:fetch\`.`);
  return { name, recipe, models: models.map((model) => withFile(withScales(model, recipe), modelsDir)) };
}

function withFile<M extends ModelFile>(model: M, modelsDir: string): M & { file: string } {
  return { ...model, file: join(modelsDir, fileNameOf(model)) };
}

/** The files that are missing. Throws when one is there and is another. */
async function verifyFiles(models: readonly ModelFile[], modelsDir: string): Promise<string[]> {
  const missing: string[] = [];
  for (const model of models) {
    const { file } = withFile(model, modelsDir);
    const found = await hashFile(file);
    if (found === null) missing.push(file);
    else if (found !== model.sha256) throw wrongHash(file, model, found);
  }
  return missing;
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
