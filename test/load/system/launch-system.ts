/** Livegate as it is deployed: the four services as processes of their own, on a real Postgres and a real Redis. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { newApiKey } from '@livegate/crypto/api-key';
import { type Database, openDatabase } from '@livegate/db/database';
import { migrate } from '@livegate/db/migrate';
import { startLocalPostgres } from '@livegate/local-postgres/local-postgres';
import { eventually } from '@livegate/test-kit/eventually';
import { freePort } from '@livegate/test-kit/global-setup';
import { repositoryRoot } from '@livegate/test-kit/shared-files';

export const SERVICES = ['api', 'inference-worker', 'lifecycle', 'webhook-dispatcher'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** What the CPU of a run is divided into: the inference worker's children, which hold the engine, are told apart from it. */
export const OURS = [...SERVICES, 'inference-children'] as const;

export type RunningSystem = {
  url: string;
  apiKey: string;
  db: Database;
  /** Process ids by what runs in them: each service, and the two servers. */
  pids: Record<ServiceName, number> & { redis: number; postgres: number };
  redisPort: number;
  stop(): Promise<void>;
};

type Options = {
  profile: string;
  children: number;
  /** Folder into which each service writes a V8 CPU profile of its whole life when it ends. */
  cpuProfiles?: string | undefined;
};

export async function launchSystem({ profile, children, cpuProfiles }: Options): Promise<RunningSystem> {
  const directory = await mkdtemp(join(tmpdir(), 'livegate-bench-'));
  const closers: (() => Promise<unknown>)[] = [() => rm(directory, { recursive: true, force: true })];
  const stop = async () => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const postgres = await startLocalPostgres({ dataDir: join(directory, 'postgres') });
    closers.push(postgres.stop);
    const db = openDatabase({ url: postgres.url, applicationName: 'bench', onError: () => undefined });
    closers.push(db.close);
    await migrate(db);
    const redisPort = await freePort();
    const redis = startProcess('redis-server', [
      ...['--port', String(redisPort), '--bind', '127.0.0.1', '--dir', directory, '--save', ''],
      ...['--appendonly', 'yes', '--maxmemory-policy', 'noeviction'],
    ]);
    closers.push(redis.end);
    await eventually(() => accepts(redisPort));

    const apiKey = newApiKey('live');
    const apiPort = await freePort();
    const pids = { redis: redis.pid, postgres: await postmasterOf(db) } as RunningSystem['pids'];
    const healthPorts: number[] = [];
    for (const name of SERVICES) {
      const healthPort = await freePort();
      const profiling = cpuProfiles
        ? ['--cpu-prof', '--cpu-prof-dir', resolve(cpuProfiles), '--cpu-prof-name', `${name}.cpuprofile`]
        : [];
      const service = startProcess(
        process.execPath,
        [...profiling, '--import', '@livegate/telemetry/register', `services/${name}/dist/main.js`],
        {
          PATH: process.env.PATH ?? '',
          HOME: process.env.HOME ?? '',
          LIVEGATE_MODE: 'development',
          LIVEGATE_API_KEY: apiKey,
          LIVEGATE_PORT: String(apiPort),
          LIVEGATE_HEALTH_PORT: String(healthPort),
          LIVEGATE_KEY_DIR: join(directory, 'keys'),
          LIVEGATE_MODELS_DIR: join(repositoryRoot, '.models'),
          LIVEGATE_MODEL_PROFILE: profile,
          LIVEGATE_CHILDREN: String(children),
          LIVEGATE_LOG_LEVEL: 'info',
          DATABASE_URL: postgres.url,
          REDIS_URL: `redis://127.0.0.1:${redisPort}`,
        },
      );
      closers.push(service.end);
      pids[name] = service.pid;
      healthPorts.push(healthPort);
    }
    for (const port of healthPorts) await eventually(() => isReady(port), { withinMs: 60_000 });
    return { url: `http://127.0.0.1:${apiPort}`, apiKey, db, pids, redisPort, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Its output is thrown away: what it costs to write it is part of the measurement, what it says is not. */
function startProcess(command: string, words: string[], env?: Record<string, string>) {
  const child: ChildProcess = spawn(command, words, { cwd: repositoryRoot, env, stdio: 'ignore' });
  if (child.pid === undefined) throw new Error(`${command} could not be started`);
  return {
    pid: child.pid,
    end: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const limit = setTimeout(() => child.kill('SIGKILL'), 30_000);
      await once(child, 'exit');
      clearTimeout(limit);
    },
  };
}

async function accepts(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.destroy();
}

export async function isReady(port: number): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}/readyz`);
  await response.text();
  if (response.status !== 200) throw new Error('not ready');
}

/** Every backend is a child of it. */
async function postmasterOf(db: Database): Promise<number> {
  const { rows } = await db.query(`select split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int as pid`);
  return rows[0].pid;
}
