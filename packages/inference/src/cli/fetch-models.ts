/**
 * Fetches and verifies the models, and rewrites them for speed: `fetch-models [--dir <dir>]`. Idempotent; progress on
 * stderr, nothing on stdout.
 * Environment: LIVEGATE_MODEL_PROFILE, LIVEGATE_MODELS_DIR, LIVEGATE_MODEL_MIRROR.
 */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { concludeFetch } from '../conclude-fetch.ts';
import { fetchFacemesh } from '../facemesh/facemesh-model.ts';
import { fetchModels } from '../fetch-models.ts';
import { MANIFEST, modelsOf, type ProfileName } from '../manifest.ts';
import { parseProfileSetting } from '../profile-setting.ts';
import { buildModels } from '../rewrite/build-models.ts';

const repositoryRoot = fileURLToPath(new URL('../../../../', import.meta.url));
const userFolder = process.env.INIT_CWD ?? process.cwd();

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { dir: { type: 'string' } } });
  const setting = parseProfileSetting(process.env.LIVEGATE_MODEL_PROFILE);
  const mirror = process.env.LIVEGATE_MODEL_MIRROR;
  const cache = {
    modelsDir: resolveModelsDir(values.dir),
    mirrorDir: mirror ? resolve(userFolder, mirror) : undefined,
    report,
  };
  const wanted: ProfileName[] = setting === 'auto' ? ['baseline', 'recommended'] : [setting];
  const models = [...new Set(wanted.flatMap(modelsOf))];
  const files = [...models, MANIFEST.landmarks];
  const outcome = concludeFetch(setting, await fetchModels(files, cache));
  for (const line of outcome.lines) report(line);
  await buildModels(files, cache);
  await fetchFacemesh(cache);
  process.exitCode = outcome.exitCode;
}

function resolveModelsDir(option: string | undefined): string {
  if (option) return resolve(userFolder, option);
  return resolve(repositoryRoot, process.env.LIVEGATE_MODELS_DIR || '.models');
}

function report(line: string): void {
  process.stderr.write(`models: ${line}\n`);
}

await main().catch((error: Error) => {
  report(`ERROR: ${error.message}`);
  process.exitCode = 1;
});
