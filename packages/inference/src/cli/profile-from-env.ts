/** Which models a command uses: the same variables, read the same way, by every command and by the servers. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadManifest, type Manifest } from '../manifest.ts';
import { parseProfileSetting } from '../profile-setting.ts';
import { type Profile, type ProfileSetting, resolveProfile } from '../profiles.ts';

const repositoryRoot = fileURLToPath(new URL('../../../../', import.meta.url));

type Env = Readonly<Record<string, string | undefined>>;

export type ModelSettings = { setting: ProfileSetting; modelsDir: string; manifest: Manifest };

/** Reads LIVEGATE_MODEL_PROFILE, LIVEGATE_MODELS_DIR and LIVEGATE_MODEL_MANIFEST; paths are relative to the repository. */
export async function readModelSettings(env: Env): Promise<ModelSettings> {
  return {
    setting: parseProfileSetting(env.LIVEGATE_MODEL_PROFILE),
    modelsDir: resolve(repositoryRoot, env.LIVEGATE_MODELS_DIR || '.models'),
    manifest: await loadManifest(env.LIVEGATE_MODEL_MANIFEST && resolve(repositoryRoot, env.LIVEGATE_MODEL_MANIFEST)),
  };
}

/** The verified profile that these variables name. */
export async function profileFromEnv(env: Env): Promise<Profile> {
  return resolveProfile(await readModelSettings(env));
}
