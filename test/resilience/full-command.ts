/**
 * `npm run test:faults:full -- [--seeds 20] [--seconds 60] [--backend postgres|redis] [--fresh]`: every seed on every backend, one
 * after the other. A seed that was run before is not run again (unless `--fresh`), so a stopped tier goes on where it was.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Backend } from './cluster.ts';
import { hasRedis, readBackend, readOptions } from './command-line.ts';
import type { Result } from './run-faults.ts';

type Line = {
  backend: Backend;
  seed: number;
  seconds: number;
  green: boolean;
  wallSeconds: number;
  result: Result | null;
};

const RESULTS = fileURLToPath(new URL('./.artifacts/full-tier.jsonl', import.meta.url));
const RUN_SOURCE = fileURLToPath(new URL('../../packages/tooling/run-source.mjs', import.meta.url));
const FAULTS = fileURLToPath(new URL('./faults-command.ts', import.meta.url));

/** Returns the exit code: 0 when every run was green. */
export async function main(words: string[], interrupted: AbortSignal): Promise<number> {
  const options = readOptions(words, ['seeds', 'seconds', 'backend'], ['fresh']);
  const seeds = options.number('seeds', 20);
  const seconds = options.number('seconds', 60);
  const backends = options.text('backend') ? [readBackend(options.text('backend'))] : everyBackend();
  await mkdir(dirname(RESULTS), { recursive: true });
  if (options.has('fresh')) await rm(RESULTS, { force: true });
  for (let seed = 1; seed <= seeds; seed += 1) {
    for (const backend of backends) {
      if (interrupted.aborted) return 130;
      if (await wasRun({ backend, seed, seconds })) continue;
      const line = await runSeed({ backend, seed, seconds }, interrupted);
      if (interrupted.aborted) return 130;
      await appendFile(RESULTS, `${JSON.stringify(line)}\n`);
      console.log(row(line));
    }
  }
  const lines = (await readResults()).filter(
    (line) => line.seconds === seconds && line.seed <= seeds && backends.includes(line.backend),
  );
  console.log(summary(lines));
  return lines.every(({ green }) => green) ? 0 : 1;
}

function everyBackend(): Backend[] {
  if (hasRedis()) return ['postgres', 'redis'];
  process.stderr.write('\n*** SKIPPED: no redis-server found: the full tier runs on the Postgres queue only ***\n\n');
  return ['postgres'];
}

async function runSeed(wish: Pick<Line, 'backend' | 'seed' | 'seconds'>, interrupted: AbortSignal): Promise<Line> {
  const startedAt = performance.now();
  const words = [
    FAULTS,
    '--seed',
    String(wish.seed),
    '--seconds',
    String(wish.seconds),
    '--backend',
    wish.backend,
    '--json',
  ];
  const child = spawn(process.execPath, [RUN_SOURCE, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  const passOn = () => void child.kill('SIGTERM');
  interrupted.addEventListener('abort', passOn);
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  interrupted.removeEventListener('abort', passOn);
  const last = output.trimEnd().split('\n').at(-1) ?? '';
  const result = last.startsWith('{') ? (JSON.parse(last) as Result) : null;
  // A red run's whole story is worth more than its numbers.
  if (code !== 0 && !interrupted.aborted) console.log(output);
  return { ...wish, green: code === 0, wallSeconds: Math.round((performance.now() - startedAt) / 1_000), result };
}

async function readResults(): Promise<Line[]> {
  const text = await readFile(RESULTS, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
}

async function wasRun({ backend, seed, seconds }: Pick<Line, 'backend' | 'seed' | 'seconds'>): Promise<boolean> {
  const lines = await readResults();
  return lines.some((line) => line.backend === backend && line.seed === seed && line.seconds === seconds);
}

function row({ backend, seed, green, wallSeconds, result }: Line): string {
  const numbers = result
    ? Object.entries(result)
        .map(([name, value]) => `${name} ${value}`)
        .join(' · ')
    : 'no result';
  return `${backend.padEnd(8)} seed ${String(seed).padStart(3)}  ${green ? 'green' : 'RED  '}  ${numbers}  (${wallSeconds} s)`;
}

/** A row per backend: sums, and the slowest heal. */
function summary(lines: readonly Line[]): string {
  const head =
    '| backend | seeds | green | accepted | complete | expired | failed | lost | duplicated | unexpected | undelivered | heal, median | heal, longest |';
  const rule = '|---|---|---|---|---|---|---|---|---|---|---|---|---|';
  const rows = [...new Set(lines.map(({ backend }) => backend))].map((backend) => {
    const own = lines.filter((line) => line.backend === backend);
    const results = own.flatMap(({ result }) => (result ? [result] : []));
    const sum = (key: keyof Result) => results.reduce((total, result) => total + result[key], 0);
    const heals = results.map(({ healSeconds }) => healSeconds).sort((a, b) => a - b);
    const sums = (
      ['accepted', 'complete', 'expired', 'failed', 'lost', 'duplicated', 'unexpected', 'undelivered'] as const
    ).map(sum);
    const cells = [backend, own.length, own.filter(({ green }) => green).length, ...sums];
    return `| ${[...cells, `${heals[Math.floor(heals.length / 2)]} s`, `${heals.at(-1)} s`].join(' | ')} |`;
  });
  return ['', head, rule, ...rows].join('\n');
}
