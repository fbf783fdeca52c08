/**
 * Fetches and verifies the models: `fetch-models [--dir <dir>]`. Idempotent; progress on stderr, nothing on stdout.
 * Environment: LIVEGATE_MODEL_PROFILE, LIVEGATE_MODELS_DIR, LIVEGATE_MODEL_MIRROR.
 */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Failure, fetchModels } from '../fetch-models.ts';
import { MANIFEST, modelsOf, type ProfileName } from '../manifest.ts';
import { parseProfileSetting } from '../profile-setting.ts';

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
  const failures = await fetchModels(models, cache);

  const required = setting === 'auto' ? 'baseline' : setting;
  if (isIncomplete(required, failures)) {
    report(`ERROR: the ${required} models are incomplete. ${describe(failures)}`);
    if (required === 'recommended') report(howToGetThem());
    process.exitCode = 1;
  } else if (failures.length > 0) {
    report(`WARNING: scoring with the baseline models: ${accuracyLost()} ${howToGetThem()} ${describe(failures)}`);
  }
}

function resolveModelsDir(option: string | undefined): string {
  if (option) return resolve(userFolder, option);
  return resolve(repositoryRoot, process.env.LIVEGATE_MODELS_DIR || '.models');
}

function isIncomplete(profile: ProfileName, failures: readonly Failure[]): boolean {
  const ids = new Set(modelsOf(profile).map(({ id }) => id));
  return failures.some(({ model }) => ids.has(model.id));
}

function accuracyLost(): string {
  const percent = (profile: ProfileName) => `${(MANIFEST.profiles[profile].singleImageEer * 100).toFixed(1)} %`;
  return `single-image equal error rate ${percent('baseline')} instead of about ${percent('recommended')}.`;
}

function howToGetThem(): string {
  return 'Set LIVEGATE_MODEL_MIRROR=<dir with the files> or allow https to raw.githubusercontent.com, then run `npm run models:fetch`.';
}

function describe(failures: readonly Failure[]): string {
  return `Missing: ${failures.map(({ model, message }) => `${model.id} (${message})`).join('; ')}`;
}

function report(line: string): void {
  process.stderr.write(`models: ${line}\n`);
}

await main().catch((error: Error) => {
  report(`ERROR: ${error.message}`);
  process.exitCode = 1;
});
