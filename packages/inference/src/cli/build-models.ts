/**
 * Rewrites the models anew for speed: `build-models [--dir <dir>]`. `fetch-models` does it for what is missing; this one
 * replaces what is there. Progress on stderr. Environment: LIVEGATE_MODELS_DIR,
 * LIVEGATE_MODEL_MANIFEST.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildModels } from '../rewrite/build-models.ts';
import { readModelSettings } from './profile-from-env.ts';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { dir: { type: 'string' } } });
  const { modelsDir: configured, manifest } = await readModelSettings(process.env);
  const modelsDir = values.dir ? resolve(process.env.INIT_CWD ?? process.cwd(), values.dir) : configured;
  await buildModels([...manifest.models, manifest.landmarks], { modelsDir, report, isForced: true });
}

function report(line: string): void {
  process.stderr.write(`models: ${line}\n`);
}

await main().catch((error: Error) => {
  report(`ERROR: ${error.message}`);
  process.exitCode = 1;
});
