/** Real processes of Livegate, from the built code, each ended by its own id after the test file. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll } from 'vitest';
import { eventually } from './eventually.ts';
import { repositoryRoot } from './shared-files.ts';

export type ServiceName = 'standalone' | 'api' | 'inference-worker' | 'lifecycle' | 'webhook-dispatcher';

export type ServiceProcess = {
  pid: number;
  stdout(): string;
  stderr(): string;
  /** The first match in what was printed so far; waits for it. Throws when the process ends before. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  kill(signal: NodeJS.Signals): void;
  /** Exit code, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals>;
};

const started: { child: ChildProcess; ended: Promise<unknown> }[] = [];
// Here, once per test file: an `afterAll` that a running test registers is never called.
afterAll(() => Promise.all(started.splice(0).map(({ child, ended }) => endProcess(child, ended))));

/** Starts a service with `env` and nothing else of this process's environment but PATH and HOME. */
export function startService(name: ServiceName, env: Record<string, string>): ServiceProcess {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, ['--import', '@livegate/telemetry/register', `services/${name}/dist/main.js`], {
    cwd: repositoryRoot,
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk;
  });
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals);
  started.push({ child, ended });
  return {
    pid: child.pid as number,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    printed: (pattern) =>
      eventually(
        () => {
          const match = pattern.exec(output.stdout);
          if (match) return match;
          throw new Error(
            `${name} has not printed ${pattern}; exit ${child.exitCode}; stderr: ${output.stderr.slice(-2_000)}`,
          );
        },
        { withinMs: 60_000 },
      ),
    kill: (signal) => child.kill(signal),
    ended,
  };
}

async function endProcess(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  await ended;
}
