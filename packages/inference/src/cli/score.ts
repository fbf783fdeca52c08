/**
 * Scores images: `score FILE|DIR... [--json]`. With --json one object a line on stdout. Exit code 2 when a file could
 * not be read, 1 when nothing could be scored at all. Environment: LIVEGATE_MODEL_PROFILE, LIVEGATE_MODELS_DIR,
 * LIVEGATE_MODEL_MANIFEST, LIVEGATE_PROVIDER.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { BoundingBox } from '@livegate/domain/verdict';
import { type Engine, openEngine } from '../engine.ts';
import { type FoundImage, findImages } from '../find-images.ts';
import { parseProvider } from '../provider.ts';
import { profileFromEnv } from './profile-from-env.ts';

type Line =
  | {
      file: string;
      score: number | null;
      reasons: readonly string[];
      box: BoundingBox | null;
      ms: number;
      profile: string;
    }
  | { file: string; error: string };

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: { json: { type: 'boolean' } }, allowPositionals: true });
  if (positionals.length === 0) throw new Error('usage: npm run score -- FILE|DIR... [--json]');
  const profile = await profileFromEnv(process.env);
  // npm runs scripts in the repository; INIT_CWD is where the user stands.
  const images = await findImages(positionals, process.env.INIT_CWD ?? process.cwd());
  const engine = await openEngine({ profile, provider: parseProvider(process.env.LIVEGATE_PROVIDER) });
  for (const image of images) {
    const line = await scoreFile(engine, image);
    if ('error' in line) process.exitCode = 2;
    process.stdout.write(`${values.json ? JSON.stringify(line) : toRow(line)}\n`);
  }
  await engine.close();
}

async function scoreFile(engine: Engine, { name, path }: FoundImage): Promise<Line> {
  try {
    const { score, reasons, boundingBox, timings } = await engine.analyse(await readFile(path));
    const ms = Math.round((timings.total ?? 0) * 10) / 10;
    return { file: name, score, reasons, box: boundingBox, ms, profile: engine.profile };
  } catch (error) {
    return { file: name, error: (error as Error).message };
  }
}

function toRow(line: Line): string {
  if ('error' in line) return `error   ${line.file}: ${line.error}`;
  const score = line.score === null ? '  -   ' : line.score.toFixed(4);
  return `${score}  ${line.ms.toFixed(1).padStart(7)} ms  ${line.file}${line.reasons.map((code) => ` ${code}`).join('')}`;
}

await main().catch((error: Error) => {
  process.stderr.write(`score: ${error.message}\n`);
  process.exitCode = 1;
});
