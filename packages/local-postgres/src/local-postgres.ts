import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Cluster, ensureCluster, giveTo } from './internal/cluster.ts';
import { readHolder, yieldLock } from './internal/lock-file.ts';
import { type Footing, findFooting } from './internal/privilege-ladder.ts';
import { launchServer, ServerEndedEarly } from './internal/server-process.ts';

/** What to start: `flags` are words for `postgres` (`-c`, `fsync=off`); `log` gets pieces of its log as they come. */
export type LocalPostgresOptions = {
  dataDir: string;
  flags?: readonly string[];
  log?: (text: string) => void;
};

/** A server that takes connections as its superuser under `url`. */
export type LocalPostgres = {
  url: string;
  port: number;
  pid: number;
  /** True where another process owns the server: `stop()` then does nothing, and it ends with that owner. */
  joined: boolean;
  /** How it ended, whoever ended it; of a server that was joined nothing is heard. */
  ended: Promise<string>;
  /** Fast shutdown: cuts the sessions and resolves when the process is gone. */
  stop(): Promise<void>;
};

// How long a server that is on its way up or down, or a killed one's last sessions, may keep the directory.
const PATIENCE_MS = 15_000;
const POLL_MS = 50;
// Another program may take the free port between our look and the server's bind.
const LAUNCHES = 3;

/** Within this a server that has lost its owner has begun to shut down, on a busy machine, too. */
const SETTLE_MS = 1_000;

/** Runs a real Postgres on `dataDir`, made if need be, or joins the one that runs there; it dies with this process. */
export async function startLocalPostgres(options: LocalPostgresOptions): Promise<LocalPostgres> {
  const log = options.log ?? (() => {});
  const footing = findFooting(resolve(options.dataDir));
  log(`local Postgres runs ${footing.how} in ${footing.home}\n`);
  const cluster = await ensureCluster(footing);
  return joinOrLaunch({ footing, cluster, flags: options.flags ?? [], log });
}

type Start = { footing: Footing; cluster: Cluster; flags: readonly string[]; log: (text: string) => void };

async function joinOrLaunch({ footing, cluster, flags, log }: Start): Promise<LocalPostgres> {
  const { directory } = cluster;
  const deadline = Date.now() + PATIENCE_MS;
  for (let launches = 0; ; await pause(POLL_MS)) {
    const holder = await readHolder(directory);
    if (holder.state === 'ready') {
      if (!(await staysReady(directory, holder.pid))) continue;
      return describe(cluster, { ...holder, joined: true, ended: new Promise(() => {}), stop: async () => {} });
    }
    if (holder.state === 'changing') {
      if (Date.now() > deadline) throw new Error(`Postgres (pid ${holder.pid}) neither starts nor ends`);
      continue;
    }
    if (holder.state === 'dead') await yieldLock(directory, holder.pid);
    try {
      await giveTo(footing.owner, directory);
      const server = await launchServer({ footing, directory, flags, log });
      return describe(cluster, { ...server, joined: false });
    } catch (error) {
      launches += 1;
      const mayRetry = holder.state === 'dead' ? Date.now() < deadline : launches < LAUNCHES;
      if (!(error instanceof ServerEndedEarly) || !mayRetry) throw error;
    }
  }
}

/** A server whose owner was just killed still says that it is ready: only one that goes on saying so is joined. */
async function staysReady(directory: string, pid: number): Promise<boolean> {
  await pause(SETTLE_MS);
  const holder = await readHolder(directory);
  return holder.state === 'ready' && holder.pid === pid;
}

function describe(cluster: Cluster, server: Omit<LocalPostgres, 'url'>): LocalPostgres {
  const { port, pid, joined, ended, stop } = server;
  return { url: `postgres://postgres:${cluster.password}@127.0.0.1:${port}/postgres`, port, pid, joined, ended, stop };
}
