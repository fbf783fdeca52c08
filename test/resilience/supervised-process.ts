/**
 * A real process under a minimal orchestrator: when it dies it is started again, as systemd or Kubernetes would. Ended by
 * its own id, and by the kernel should the harness itself be killed.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

export type Launch = { command: string; words: readonly string[]; env: Record<string, string> };

export type SupervisedProcess = {
  id: string;
  /** Null while it is down. */
  pid(): number | null;
  /** How often it was started so far. */
  starts(): number;
  signal(signal: NodeJS.Signals): void;
  /** Kills it; it comes back after `downMs` (the supervisor's own delay when not given). */
  kill(downMs?: number): Promise<void>;
  /** Lets it stop in its own time, then starts it again. */
  restart(): Promise<void>;
  /** Kills it and keeps it down until `release`. */
  hold(): Promise<void>;
  release(): void;
  /** Ends it for good. */
  stop(): Promise<void>;
};

const RESTART_DELAY_MS = 500;
const STOP_LIMIT_MS = 27_000;

type Options = {
  id: string;
  /** Asked at every start, so that a fault can change how the next one is launched. */
  launch: () => Launch;
  logFile: string;
  cwd: string;
  onEnd: (how: string) => void;
};

export function superviseProcess({ id, launch, logFile, cwd, onEnd }: Options): SupervisedProcess {
  let child: ChildProcess | null = null;
  let ended: Promise<void> = Promise.resolve();
  let starts = 0;
  let wanted = true;
  let over = false;
  let downMs = RESTART_DELAY_MS;

  const start = () => {
    if (over || !wanted || child) return;
    starts += 1;
    const { command, words, env } = launch();
    const log = openSync(logFile, 'a');
    const started = spawn(TIED[0] ?? command, TIED.length > 0 ? [...TIED.slice(1), command, ...words] : words, {
      cwd,
      env,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    child = started;
    ended = new Promise((resolve) => {
      const end = (how: string) => {
        if (child !== started) return;
        child = null;
        onEnd(how);
        resolve();
        if (wanted && !over) setTimeout(start, downMs);
        downMs = RESTART_DELAY_MS;
      };
      started.once('error', (error) => end(error.message));
      started.once('exit', (code, signal) => end(String(code ?? signal)));
    });
  };
  const signal = (name: NodeJS.Signals) => void child?.kill(name);
  const endBy = async (name: NodeJS.Signals) => {
    signal(name);
    // A paused process would never hear the polite signal.
    if (name !== 'SIGKILL') signal('SIGCONT');
    const limit = new AbortController();
    const late = pause(STOP_LIMIT_MS, 'late', { signal: limit.signal }).catch(() => 'late');
    if ((await Promise.race([ended, late])) === 'late' && child) {
      signal('SIGKILL');
      await ended;
    }
    limit.abort();
  };

  start();
  return {
    id,
    pid: () => child?.pid ?? null,
    starts: () => starts,
    signal,
    kill: async (forMs = RESTART_DELAY_MS) => {
      downMs = forMs;
      signal('SIGKILL');
      await ended;
    },
    restart: () => endBy('SIGTERM'),
    hold: async () => {
      wanted = false;
      signal('SIGKILL');
      await ended;
    },
    release: () => {
      wanted = true;
      start();
    },
    stop: async () => {
      over = true;
      await endBy('SIGKILL');
    },
  };
}

/** Words before the program that make the kernel end it with us, where the system has them. */
const TIED =
  spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true']).status === 0 ? ['setpriv', '--pdeathsig', 'KILL'] : [];
