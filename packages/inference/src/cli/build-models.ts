/**
 * Rewrites the models anew for speed: `build-models [--dir <dir>]`. `fetch-models` does it for what is missing; this one
 * replaces what is there. Progress on stderr. Environment: LIVEGATE_MODELS_DIR.
 */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { MANIFEST } from '../manifest.ts';
import { buildModels } from '../rewrite/build-models.ts';

const repositoryRoot = fileURLToPath(new URL('../../../../', import.meta.url));

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { dir: { type: 'string' } } });
  const modelsDir = values.dir
    ? resolve(process.env.INIT_CWD ?? process.cwd(), values.dir)
    : resolve(repositoryRoot, process.env.LIVEGATE_MODELS_DIR || '.models');
  await buildModels([...MANIFEST.models, MANIFEST.landmarks], { modelsDir, report, isForced: true });
}

function report(line: string): void {
  process.stderr.write(`models: ${line}\n`);
}

await main().catch((error: Error) => {
  report(`ERROR: ${error.message}`);
  process.exitCode = 1;
});
