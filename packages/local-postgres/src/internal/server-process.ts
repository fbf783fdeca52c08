import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readHolder } from './lock-file.ts';
import type { Footing } from './privilege-ladder.ts';
import { serverEnvironment } from './server-environment.ts';

/** A Postgres that is our child. */
export type ServerProcess = { pid: number; port: number; ended: Promise<string>; stop(): Promise<void> };

/** The server ended before it took connections; `message` holds the end of its log. */
export class ServerEndedEarly extends Error {
  override readonly name = 'ServerEndedEarly';
}

type Launch = {
  footing: Footing;
  directory: string;
  flags: readonly string[];
  log: (text: string) => void;
};

// A start takes 40 ms, and a crash recovery as long as one checkpoint interval's writes: minutes at the very worst.
const READY_WITHIN_MS = 120_000;
const POLL_MS = 10;
// A fast shutdown only waits for the final checkpoint. SIGQUIT then costs no data: the next start replays the log.
const FAST_STOP_MS = 10_000;
const HARD_STOP_MS = 6_000;

/** Starts Postgres on a free port of 127.0.0.1 and resolves once it takes connections. */
export async function launchServer({ footing, directory, flags, log }: Launch): Promise<ServerProcess> {
  const port = await findFreePort();
  const [command = '', ...words] = [...footing.prefix, join(footing.native, 'bin', 'postgres')];
  const child = spawn(command, [...words, '-D', directory, '-p', String(port), ...SETTINGS, ...flags], {
    cwd: '/',
    env: serverEnvironment,
    stdio: ['ignore', 'ignore', 'pipe'],
    // Its own process group: Ctrl-C in the terminal reaches us only, and we stop it last.
    detached: true,
  });
  let lastWords = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    lastWords = (lastWords + chunk).slice(-2_000);
    log(chunk.toString());
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(`${code ?? signal}: ${lastWords}`));
  });
  if (!footing.diesWithUs && child.pid !== undefined) watchOver(child.pid, ended);

  const early = ended.then((how) => Promise.reject(new ServerEndedEarly(`Postgres ended with ${how}`)));
  early.catch(() => {});
  const waiting = new AbortController();
  try {
    const pid = await Promise.race([untilReady({ directory, port, signal: waiting.signal }), early]);
    return { pid, port, ended, stop: () => stopServer(child, ended) };
  } catch (error) {
    await stopServer(child, ended);
    throw error;
  } finally {
    waiting.abort();
  }
}

const SETTINGS = [
  ...['listen_addresses=127.0.0.1', 'unix_socket_directories='],
  // Four services in one process, each with its pools and listeners, and test files beside them.
  'max_connections=200',
  'shared_buffers=128MB',
  // The tables are small, and parallel plans need /dev/shm, of which a container has 64 MB.
  'max_parallel_workers_per_gather=0',
].flatMap((setting) => ['-c', setting]);

/** Polls the status that Postgres keeps in its lock file, as pg_ctl does: no log text to match. */
async function untilReady(wait: { directory: string; port: number; signal: AbortSignal }): Promise<number> {
  for (const deadline = Date.now() + READY_WITHIN_MS; Date.now() < deadline; await pause(POLL_MS)) {
    const holder = await readHolder(wait.directory);
    if (holder.state === 'ready' && holder.port === wait.port) return holder.pid;
    if (wait.signal.aborted) break;
  }
  throw new Error(`Postgres was not ready after ${READY_WITHIN_MS} ms`);
}

async function stopServer(child: ChildProcess, ended: Promise<string>): Promise<void> {
  const steps = [
    { signal: 'SIGINT', waitMs: FAST_STOP_MS },
    { signal: 'SIGQUIT', waitMs: HARD_STOP_MS },
    { signal: 'SIGKILL', waitMs: HARD_STOP_MS },
  ] as const;
  for (const { signal, waitMs } of steps) {
    child.kill(signal);
    const timer = new AbortController();
    const late = pause(waitMs, 'late', { signal: timer.signal }).catch(() => 'late');
    const outcome = await Promise.race([ended, late]);
    timer.abort();
    if (outcome !== 'late') return;
  }
  throw new Error(`Postgres (pid ${child.pid}) could not be stopped`);
}

/** Where the kernel cannot tie the two lives: a shell that reads a pipe of ours, and stops Postgres at its end. */
function watchOver(pid: number, ended: Promise<string>): void {
  const script = `read -r line; kill -INT ${pid}`;
  const watcher = spawn('/bin/sh', ['-c', script], {
    cwd: '/',
    env: serverEnvironment,
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watcher.once('error', () => {});
  // The pid may be another's once the server has ended.
  void ended.then(() => watcher.kill('SIGKILL'));
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('no port was given'));
      });
    });
  });
}
