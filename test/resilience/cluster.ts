/**
 * Livegate as it is deployed: every service as a process of its own from the built code, each behind TCP proxies of its own to
 * a real Postgres, a real Redis and the receiver. Everything lives in one temporary folder and ends with `stop`.
 */

import { appendFileSync, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newApiKey } from '@livegate/crypto/api-key';
import { type Database, openDatabase } from '@livegate/db/database';
import { eventually } from '@livegate/test-kit/eventually';
import { repositoryRoot } from '@livegate/test-kit/shared-files';
import { startTcpFaultProxy, type TcpFaultProxy } from '@livegate/test-kit/tcp-fault-proxy';
import type { History } from './history.ts';
import { lastingPort } from './lasting-port.ts';
import { databaseUrl, prepareDatabase } from './observers.ts';
import { type PostgresServer, startPostgres } from './postgres-server.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { type RedisServer, startRedis } from './redis-server.ts';
import { mountSmallDisk, type SmallDisk } from './small-disk.ts';
import { type SupervisedProcess, superviseProcess } from './supervised-process.ts';

export type Backend = 'postgres' | 'redis';

/** Every process of a cluster: two of each kind that may be two, so that they can get in each other's way. */
export const MEMBERS = {
  api: 'api',
  'worker-1': 'inference-worker',
  'worker-2': 'inference-worker',
  'lifecycle-1': 'lifecycle',
  'lifecycle-2': 'lifecycle',
  'dispatcher-1': 'webhook-dispatcher',
  'dispatcher-2': 'webhook-dispatcher',
} as const;
export type MemberName = keyof typeof MEMBERS;
export const MEMBER_NAMES = Object.keys(MEMBERS) as MemberName[];

export type Member = SupervisedProcess & {
  postgres: TcpFaultProxy;
  redis: TcpFaultProxy | null;
  /** The next start, and those after it, run with a wall clock that is wrong by this much. */
  skew(seconds: number): void;
};

export type Cluster = {
  dir: string;
  /** The key directory that all members share. */
  keyDir: string;
  backend: Backend;
  url: string;
  apiKey: string;
  /** Past every proxy. */
  db(): Database;
  members: Record<MemberName, Member>;
  postgres: PostgresServer;
  redis: RedisServer | null;
  receiver: Receiver;
  receiverProxy: TcpFaultProxy;
  /** The database's address past every proxy, for what is not a service. */
  rogueUrl(): string;
  webhookUrl: string;
  disks: { postgres: SmallDisk | null; redis: SmallDisk | null };
  ready(): Promise<void>;
  stop(): Promise<void>;
};

export type ClusterOptions = {
  backend: Backend;
  history: History;
  dir: string;
  /** Small disks are mounted only for plans that fill them. */
  smallDisks?: boolean;
  /** A guard that the self-test takes out of the built code. */
  mutant?: string | null;
  /** Has every service write what it sees of itself, to files of this prefix. */
  probeFile?: string | null;
};

/** What `node --import` is given: a module of the folder `preload`, told in its own address what to do. */
const preload = (module: string, options: Record<string, string>) =>
  new URL(`./preload/${module}.mjs?${new URLSearchParams(options)}`, import.meta.url).href;
const FAKETIME = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1',
].find(existsSync);
// Room for a database of some thousand checks beside what initdb writes and the WAL.
const POSTGRES_DISK_MB = 768;
const REDIS_DISK_MB = 24;

/** How clocks are set wrong here. */
export const SKEW_BY = FAKETIME ? 'libfaketime' : 'a preloaded Date';

export function makeRunDirectory(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'livegate-faults-'));
}

export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const closers: (() => Promise<unknown> | unknown)[] = [];
  const stop = async () => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    return await build(options, closers, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function build(
  { backend, history, dir, smallDisks = false, mutant = null, probeFile = null }: ClusterOptions,
  closers: (() => Promise<unknown> | unknown)[],
  stop: () => Promise<void>,
): Promise<Cluster> {
  const logs = join(dir, 'logs');
  await mkdir(logs, { recursive: true });
  const disk = async (name: string, megabytes: number) => {
    const mounted = smallDisks ? await mountSmallDisk(join(dir, name), megabytes) : null;
    if (mounted) closers.push(mounted.unmount);
    else await mkdir(join(dir, name), { recursive: true });
    return mounted;
  };

  const disks = { postgres: await disk('postgres', POSTGRES_DISK_MB), redis: null as SmallDisk | null };
  const postgresProxies: TcpFaultProxy[] = [];
  const postgres = await startPostgres({
    dataDir: join(dir, 'postgres'),
    log: (text) => appendFileSync(join(logs, 'postgres.log'), text),
    onMoved: (port) => {
      for (const proxy of postgresProxies) proxy.aimAt(port);
      db = openAdmin();
    },
  });
  closers.push(postgres.stop);
  await prepareDatabase(postgres.url(), MEMBER_NAMES);
  const openAdmin = () => {
    const url = databaseUrl(postgres.url());
    const open = openDatabase({ url, applicationName: 'harness', maxConnections: 4, onError: () => undefined });
    closers.push(open.close);
    return open;
  };
  let db = openAdmin();

  let redis: RedisServer | null = null;
  if (backend === 'redis') {
    disks.redis = await disk('redis', REDIS_DISK_MB);
    redis = await startRedis({ port: await lastingPort(), dir: join(dir, 'redis'), logFile: join(logs, 'redis.log') });
    closers.push(redis.stop);
  }
  const receiver = await startReceiver();
  closers.push(receiver.close);
  const proxyTo = async (port: number) => {
    const proxy = await startTcpFaultProxy(port);
    closers.push(proxy.close);
    return proxy;
  };
  const receiverProxy = await proxyTo(receiver.port);

  const keyDir = join(dir, 'keys');
  const apiKey = newApiKey('live');
  const apiPort = await lastingPort();
  const healthPorts = {} as Record<MemberName, number>;
  const members = {} as Record<MemberName, Member>;
  for (const name of MEMBER_NAMES) {
    const toPostgres = await proxyTo(postgres.port());
    postgresProxies.push(toPostgres);
    const toRedis = redis ? await proxyTo(redis.port) : null;
    healthPorts[name] = await lastingPort();
    let skewSeconds = 0;
    const env = () => ({
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      LIVEGATE_MODE: 'development',
      LIVEGATE_API_KEY: apiKey,
      LIVEGATE_PORT: String(apiPort),
      LIVEGATE_HEALTH_PORT: String(healthPorts[name]),
      LIVEGATE_KEY_DIR: keyDir,
      LIVEGATE_DATA_DIR: join(dir, 'data'),
      LIVEGATE_MODELS_DIR: join(repositoryRoot, '.models'),
      LIVEGATE_MODEL_PROFILE: 'baseline',
      LIVEGATE_CHILDREN: '1',
      LIVEGATE_LOG_LEVEL: 'info',
      DATABASE_URL: throughProxy(postgres.url(), { user: name, port: toPostgres.port }),
      ...(toRedis ? { REDIS_URL: `redis://127.0.0.1:${toRedis.port}` } : {}),
      ...skewEnvironment(skewSeconds),
    });
    const preloads = () => [
      ...(mutant ? [preload('use-mutant', { name: mutant })] : []),
      ...(probeFile ? [preload('event-loop-probe', { file: `${probeFile}.${name}` })] : []),
      ...(skewSeconds !== 0 && !FAKETIME ? [preload('clock-skew', { seconds: String(skewSeconds) })] : []),
      '@livegate/telemetry/register',
    ];
    const supervised = superviseProcess({
      id: name,
      launch: () => ({
        command: process.execPath,
        words: [...preloads().flatMap((file) => ['--import', file]), `services/${MEMBERS[name]}/dist/main.js`],
        env: env(),
      }),
      logFile: join(logs, `${name}.log`),
      cwd: repositoryRoot,
      onEnd: (how) => history.note({ type: 'fault', what: 'ended', op: name, detail: how }),
    });
    closers.push(supervised.stop);
    members[name] = {
      ...supervised,
      postgres: toPostgres,
      redis: toRedis,
      skew: (seconds) => {
        skewSeconds = seconds;
      },
    };
  }

  return {
    dir,
    keyDir,
    backend,
    url: `http://127.0.0.1:${apiPort}`,
    apiKey,
    db: () => db,
    members,
    postgres,
    redis,
    receiver,
    receiverProxy,
    rogueUrl: () => databaseUrl(postgres.url()),
    webhookUrl: `http://127.0.0.1:${receiverProxy.port}/webhook`,
    disks,
    ready: async () => {
      for (const name of MEMBER_NAMES) {
        await eventually(() => isReady(healthPorts[name]), { withinMs: 60_000 }).catch(async (cause) => {
          const log = await readFile(join(logs, `${name}.log`), 'utf8').catch(() => '');
          throw new Error(`${name} does not become ready; the end of its log:\n${log.slice(-2_000)}`, { cause });
        });
      }
    },
    stop,
  };
}

/** Removes the run's folder; call after `stop`. */
export function removeRunDirectory(dir: string): Promise<void> {
  return rm(dir, { recursive: true, force: true });
}

async function isReady(port: number): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(5_000) });
  await response.text();
  return response.status === 200;
}

/** Each member signs in as itself, so that the database can say who did what. */
function throughProxy(adminUrl: string, { user, port }: { user: string; port: number }): string {
  const url = new URL(databaseUrl(adminUrl));
  url.username = user;
  url.password = user;
  url.port = String(port);
  return url.href;
}

function skewEnvironment(seconds: number): Record<string, string> {
  if (seconds === 0 || !FAKETIME) return {};
  return { LD_PRELOAD: FAKETIME, FAKETIME: `${seconds > 0 ? '+' : ''}${seconds}s`, FAKETIME_DONT_FAKE_MONOTONIC: '1' };
}
