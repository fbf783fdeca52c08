/** Which models score, decided once at start: from the setting and from what lies verified in the cache. */
import { join } from 'node:path';
import {
  fileNameOf,
  filesOf,
  type LandmarkModel,
  MANIFEST,
  type Model,
  type ModelFile,
  type ProfileName,
  type Recipe,
} from './manifest.ts';
import { hashFile } from './verify-file.ts';

export type ProfileSetting = 'auto' | ProfileName;

/** A model whose file has been verified, with its absolute or caller-relative path. */
export type VerifiedModel = Model & { file: string };

/** One verified set of models, the recipe that turns their outputs into a score, and what the gates need. */
export type Profile = {
  name: ProfileName;
  models: VerifiedModel[];
  recipe: Recipe;
  landmarks: LandmarkModel & { file: string };
};

type VerifiedFile = ModelFile & { file: string };

/**
 * The profile to serve with. `auto` takes `recommended` when it is complete, else `baseline`; an explicit setting is
 * never replaced. Throws when files are missing, and whenever a file is not the one the manifest pins.
 */
export async function resolveProfile(options: { setting: ProfileSetting; modelsDir: string }): Promise<Profile> {
  const { setting, modelsDir } = options;
  if (setting !== 'baseline') {
    const recommended = await verifyModels('recommended', modelsDir);
    if (recommended.missing.length === 0) return toProfile('recommended', recommended.verified);
    if (setting === 'recommended') throw incomplete('recommended', recommended.missing);
  }
  const baseline = await verifyModels('baseline', modelsDir);
  if (baseline.missing.length > 0) throw incomplete('baseline', baseline.missing);
  return toProfile('baseline', baseline.verified);
}

function toProfile(name: ProfileName, files: readonly VerifiedFile[]): Profile {
  const models = files.filter((file): file is VerifiedModel => file.task !== 'landmarks');
  const landmarks = files.find((file) => file.task === 'landmarks') as Profile['landmarks'];
  return { name, models, recipe: MANIFEST.profiles[name].recipe, landmarks };
}

async function verifyModels(name: ProfileName, modelsDir: string) {
  const verified: VerifiedFile[] = [];
  const missing: string[] = [];
  for (const model of filesOf(name)) {
    const file = join(modelsDir, fileNameOf(model));
    const found = await hashFile(file);
    if (found === null) missing.push(file);
    else if (found !== model.sha256) throw wrongHash(file, model, found);
    else verified.push({ ...model, file });
  }
  return { verified, missing };
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
