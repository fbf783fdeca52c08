/**
 * Evaluates presentation attack detection: `pad DIR [--meta FILE] [--out FOLDER] [--json]`, DIR with `live/` and a
 * folder per attack species (test/pad/README.md). Exit code 2 when something in DIR could not be read or was left out, 1
 * when nothing could be evaluated or a result could not be written. How DIR was understood, and progress, on stderr.
 * Environment: LIVEGATE_MODEL_PROFILE, LIVEGATE_MODELS_DIR, LIVEGATE_MODEL_MANIFEST, LIVEGATE_PROVIDER.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openEngine } from '../engine.ts';
import { describeTree, requireBothSides } from '../pad/describe-tree.ts';
import { drawDetCurve } from '../pad/draw-det-curve.ts';
import { type Evaluation, evaluate } from '../pad/evaluation.ts';
import { findPresentations, type Presentation } from '../pad/find-presentations.ts';
import { formatJson } from '../pad/format-json.ts';
import { formatTable } from '../pad/format-table.ts';
import { matchMetadata } from '../pad/match-metadata.ts';
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
  const presentations = await readTree(folder);
  const metadata = await loadMetadata({ folder, presentations, given: values.meta });
  const out = values.out === undefined ? null : resolve(userDir, values.out);
  // What cannot be written to is found out before hours of scoring, not after them.
  if (out !== null) await mkdir(out, { recursive: true });
  const evaluation = await run(presentations, metadata);
  process.stdout.write(`${values.json ? formatJson(evaluation) : formatTable(evaluation)}\n`);
  if (out !== null) await writeFiles(evaluation, out);
}

async function readTree(folder: string): Promise<Presentation[]> {
  const presentations = await findPresentations(folder, complain);
  for (const line of describeTree(presentations)) say(line);
  requireBothSides(folder, presentations);
  return presentations;
}

async function run(
  presentations: readonly Presentation[],
  metadata: ReadonlyMap<string, Metadata>,
): Promise<Evaluation> {
  const profile = await profileFromEnv(process.env);
  const engine = await openEngine({ profile, provider: parseProvider(process.env.LIVEGATE_PROVIDER) });
  try {
    const scored = await scoreTree({
      engine,
      presentations,
      onUnreadable: (file, fault) => complain(`${file}: ${fault}`),
      onProgress: (done) => say(`${done} of ${presentations.length} presentations scored`),
    });
    return evaluate({ profile: engine.profile, models: engine.models, presentations: scored, metadata });
  } finally {
    await engine.close();
  }
}

/** `--meta` must exist; `meta.csv` in the folder may. */
async function loadMetadata(work: {
  folder: string;
  presentations: readonly Presentation[];
  given: string | undefined;
}): Promise<Map<string, Metadata>> {
  const { folder, presentations, given } = work;
  const csv =
    given === undefined
      ? await readFile(join(folder, 'meta.csv'), 'utf8').catch(() => null)
      : await readFile(resolve(userDir, given), 'utf8');
  if (csv === null) return new Map();
  const rows = readMetadata(csv);
  const { metadata, matched } = matchMetadata({ rows, presentations, folder });
  if (matched < rows.size) say(`${matched} of ${rows.size} rows of the metadata name a presentation`);
  return metadata;
}

async function writeFiles(evaluation: Evaluation, folder: string): Promise<void> {
  await writeFile(join(folder, 'report.html'), writeReport(evaluation));
  await writeFile(join(folder, 'det.svg'), drawDetCurve(evaluation.presentations));
  say(`wrote ${join(folder, 'report.html')} and det.svg`);
}

function say(line: string): void {
  process.stderr.write(`pad: ${line}\n`);
}

/** The evaluation goes on, and ends with exit code 2. */
function complain(line: string): void {
  say(line);
  process.exitCode = 2;
}

await main().catch((error: Error) => {
  say(error.message);
  process.exitCode = 1;
});
