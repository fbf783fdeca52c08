/**
 * Evaluates presentation attack detection: `pad DIR [--meta FILE] [--out FOLDER] [--json]`, DIR with `live/` and a
 * folder per attack species. Exit code 2 when a file could not be read, 1 when nothing could be evaluated.
 * Environment: LIVEGATE_MODEL_PROFILE, LIVEGATE_MODELS_DIR, LIVEGATE_MODEL_MANIFEST, LIVEGATE_PROVIDER.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openEngine } from '../engine.ts';
import { drawDetCurve } from '../pad/draw-det-curve.ts';
import { type Evaluation, evaluate } from '../pad/evaluation.ts';
import { findPresentations } from '../pad/find-presentations.ts';
import { formatJson } from '../pad/format-json.ts';
import { formatTable } from '../pad/format-table.ts';
import { type Metadata, readMetadata } from '../pad/read-metadata.ts';
import { scoreTree } from '../pad/score-tree.ts';
import { writeReport } from '../pad/write-report.ts';
import { parseProvider } from '../provider.ts';
import { profileFromEnv } from './profile-from-env.ts';

// npm runs scripts in the repository; INIT_CWD is where the user stands.
const userDir = process.env.INIT_CWD ?? process.cwd();

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'boolean' }, out: { type: 'string' }, meta: { type: 'string' } },
    allowPositionals: true,
  });
  const [name, ...others] = positionals;
  if (!name || others.length > 0)
    throw new Error('usage: npm run pad -- DIR [--meta FILE.csv] [--out FOLDER] [--json]');
  const folder = resolve(userDir, name);
  const presentations = await findPresentations(folder);
  const metadata = await loadMetadata(folder, values.meta);
  const evaluation = await run(presentations, metadata);
  if (values.out !== undefined) await writeFiles(evaluation, resolve(userDir, values.out));
  process.stdout.write(`${values.json ? formatJson(evaluation) : formatTable(evaluation)}\n`);
}

async function run(
  presentations: Awaited<ReturnType<typeof findPresentations>>,
  metadata: ReadonlyMap<string, Metadata>,
): Promise<Evaluation> {
  const profile = await profileFromEnv(process.env);
  const engine = await openEngine({ profile, provider: parseProvider(process.env.LIVEGATE_PROVIDER) });
  try {
    const scored = await scoreTree({
      engine,
      presentations,
      onUnreadable: (file, fault) => {
        process.stderr.write(`pad: ${file}: ${fault}\n`);
        process.exitCode = 2;
      },
    });
    return evaluate({ profile: engine.profile, models: engine.models, presentations: scored, metadata });
  } finally {
    await engine.close();
  }
}

/** `--meta` must exist; `meta.csv` in the folder may. */
async function loadMetadata(folder: string, given: string | undefined): Promise<Map<string, Metadata>> {
  if (given !== undefined) return readMetadata(await readFile(resolve(userDir, given), 'utf8'));
  const csv = await readFile(join(folder, 'meta.csv'), 'utf8').catch(() => null);
  return csv === null ? new Map() : readMetadata(csv);
}

async function writeFiles(evaluation: Evaluation, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'report.html'), writeReport(evaluation));
  await writeFile(join(folder, 'det.svg'), drawDetCurve(evaluation.presentations));
  process.stderr.write(`pad: wrote ${join(folder, 'report.html')} and det.svg\n`);
}

await main().catch((error: Error) => {
  process.stderr.write(`pad: ${error.message}\n`);
  process.exitCode = 1;
});
