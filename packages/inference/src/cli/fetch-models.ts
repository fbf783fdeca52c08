/**
 * Fetches and verifies the models, and rewrites them for speed: `fetch-models [--dir <dir>]`. Idempotent; progress on
 * stderr, nothing on stdout.
 * Environment: LIVEGATE_MODEL_PROFILE, LIVEGATE_MODELS_DIR, LIVEGATE_MODEL_MIRROR, LIVEGATE_MODEL_MANIFEST,
 * LIVEGATE_CHALLENGES.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { concludeFetch } from '../conclude-fetch.ts';
import { fetchFacemesh } from '../facemesh/facemesh-model.ts';
import { fetchModels } from '../fetch-models.ts';
import { filesOfAll } from '../manifest.ts';
import { buildModels } from '../rewrite/build-models.ts';
import { readModelSettings } from './profile-from-env.ts';

const userFolder = process.env.INIT_CWD ?? process.cwd();

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { dir: { type: 'string' } } });
  const { setting, modelsDir, manifest } = await readModelSettings(process.env);
  const mirror = process.env.LIVEGATE_MODEL_MIRROR;
  const cache = {
    modelsDir: values.dir ? resolve(userFolder, values.dir) : modelsDir,
    mirrorDir: mirror ? resolve(userFolder, mirror) : undefined,
    report,
  };
  const files = filesOfAll(setting === 'auto' ? ['baseline', 'recommended'] : [setting], manifest);
  const outcome = concludeFetch(setting, await fetchModels(files, cache), manifest);
  for (const line of outcome.lines) report(line);
  await buildModels(files, cache);
  // Where nobody is asked to turn their head, nothing looks at how a head stands.
  if (process.env.LIVEGATE_CHALLENGES !== 'none') await fetchFacemesh(cache);
  process.exitCode = outcome.exitCode;
}

function report(line: string): void {
  process.stderr.write(`models: ${line}\n`);
}

await main().catch((error: Error) => {
  report(`ERROR: ${error.message}`);
  process.exitCode = 1;
});
