/** Runs a client program of another language as an integrator would: its own process, its own HTTP library. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll } from 'vitest';
import type { Language } from './vendor-snippets.ts';

const run = promisify(execFile);

// The two libraries that the vendors' pages name. `request` is long deprecated: it is never a dependency of this project.
const NODE_LIBRARIES = ['node-fetch@2.7.0', 'request@2.88.2'];
const INSTALL_LIMIT_MS = 90_000;
const RUN_LIMIT_MS = 90_000;

const TOOLS: Record<Language, { file: string; probe: string[]; command: (path: string) => string[] }> = {
  node: { file: 'client.cjs', probe: ['node', '--version'], command: (path) => [process.execPath, path] },
  php: {
    file: 'client.php',
    probe: ['php', '-r', 'exit(function_exists("curl_init") ? 0 : 1);'],
    command: (path) => ['php', path],
  },
  python: {
    file: 'client.py',
    probe: ['python3', '-c', 'import requests'],
    command: (path) => ['python3', path],
  },
  go: { file: 'client.go', probe: ['go', 'version'], command: (path) => ['go', 'run', path] },
  curl: { file: 'client.sh', probe: ['curl', '--version'], command: (path) => ['bash', path] },
};

/** Whether this machine can run programs of the language; says loudly when it cannot. */
export function canRun(language: Language): boolean {
  const [command = '', ...rest] = TOOLS[language].probe;
  if (spawnSync(command, rest, { stdio: 'ignore' }).status === 0) return language !== 'node' || installNodeLibraries();
  return skipped(`${TOOLS[language].probe.slice(0, 2).join(' ')} is not at hand: nothing is tested in ${language}`);
}

/** Runs the program with `env` beside PATH, and gives what it printed. Throws when it ends with anything but 0. */
export async function runClient(language: Language, program: string, env: Record<string, string>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'livegate-client-'));
  afterAll(() => rm(directory, { recursive: true, force: true }));
  const path = join(directory, TOOLS[language].file);
  await writeFile(path, program);
  const [command = '', ...rest] = TOOLS[language].command(path);
  const goCache = join(tmpdir(), 'livegate-go-cache');
  await mkdir(goCache, { recursive: true });
  const { stdout } = await run(command, rest, {
    cwd: directory,
    timeout: RUN_LIMIT_MS,
    maxBuffer: 32 * 1024 * 1024,
    env: { PATH: process.env.PATH, HOME: directory, NODE_PATH: nodeLibraries, GOCACHE: goCache, GOFLAGS: '', ...env },
  });
  return stdout;
}

const librariesFolder = join(tmpdir(), `livegate-clients-${NODE_LIBRARIES.join('-').replaceAll('@', '-')}`);
const nodeLibraries = join(librariesFolder, 'node_modules');
let installed: boolean | null = null;

/** Once per machine: kept in the temporary folder, outside the project and its lock file. */
function installNodeLibraries(): boolean {
  installed ??=
    isInstalled() ||
    (spawnSync(
      'npm',
      [
        'install',
        '--prefix',
        librariesFolder,
        '--ignore-scripts',
        '--no-audit',
        '--no-fund',
        '--no-package-lock',
        ...NODE_LIBRARIES,
      ],
      { stdio: 'ignore', timeout: INSTALL_LIMIT_MS },
    ).status === 0 &&
      isInstalled());
  return installed || skipped(`${NODE_LIBRARIES.join(' and ')} could not be had from npm: nothing is tested with them`);
}

function isInstalled(): boolean {
  const script = 'require("node-fetch"); require("request")';
  return (
    spawnSync(process.execPath, ['-e', script], {
      stdio: 'ignore',
      env: { ...process.env, NODE_PATH: nodeLibraries, NODE_NO_WARNINGS: '1' },
    }).status === 0
  );
}

function skipped(what: string): false {
  process.stderr.write(`\n*** SKIPPED: ${what} ***\n\n`);
  return false;
}
