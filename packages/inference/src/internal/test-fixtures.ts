/** What this package's tests share: real models, real faces, and a loud word when the shared folder is absent. */
import { existsSync } from 'node:fs';
import { env, stderr } from 'node:process';
import { fileURLToPath } from 'node:url';
import sharp, { type Region } from 'sharp';
import { type Engine, openEngine } from '../engine.ts';
import { fetchModels } from '../fetch-models.ts';
import { filesOf, MANIFEST, type ProfileName } from '../manifest.ts';
import { resolveProfile } from '../profiles.ts';
import { loadSample } from '../sample-faces.ts';

const repositoryRoot = fileURLToPath(new URL('../../../../', import.meta.url));
// biome-ignore lint/style/noProcessEnv: imported by tests only, which have no main.ts to be configured by.
const sharedCandidate = env.LIVEGATE_SHARED_DIR ?? fileURLToPath(new URL('../../../../../shared', import.meta.url));

/** Folder with models and pictures that are not part of the repository, or null. */
export const sharedDir = existsSync(`${sharedCandidate}/models`) ? sharedCandidate : null;

if (!sharedDir) {
  stderr.write(
    '\n*** SKIPPED: tests of the recommended models and of the shared pictures. Set LIVEGATE_SHARED_DIR. ***\n\n',
  );
}

/** Folder with the verified models of a profile; `recommended` needs the shared folder. */
export async function prepareModels(profile: ProfileName): Promise<string> {
  // Kept apart: a mirror used by tests must not change which profile `npm start` resolves.
  const modelsDir = `${repositoryRoot}.models${profile === 'recommended' ? '/tests' : ''}`;
  const mirrorDir = sharedDir ? `${sharedDir}/models` : undefined;
  const failures = await fetchModels(filesOf(profile, MANIFEST), { modelsDir, mirrorDir, report: () => {} });
  if (failures.length > 0) throw new Error(failures.map(({ message }) => message).join('; '));
  return modelsDir;
}

/** An engine over the real models of a profile. */
export async function openTestEngine(profile: ProfileName): Promise<Engine> {
  return openEngine({ profile: await resolveProfile({ setting: profile, modelsDir: await prepareModels(profile) }) });
}

/** PNG bytes of one woman's face and shoulders, 420x640; the face is about 238x318 at 79, 150. */
export async function oneFace(): Promise<Buffer> {
  return cutFromSample({ left: 1400, top: 110, width: 420, height: 640 });
}

/** PNG bytes of two faces of like size beside each other. */
export async function twoFaces(): Promise<Buffer> {
  return cutFromSample({ left: 1080, top: 110, width: 740, height: 640 });
}

async function cutFromSample(region: Region): Promise<Buffer> {
  const sample = await loadSample('sample6.jpg', `${repositoryRoot}.models/samples`);
  return sharp(sample).extract(region).png().toBuffer();
}
