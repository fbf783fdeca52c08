/** Starts what a test run needs, once: a real Postgres with a migrated template, and Redis where it can be had. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@livegate/db/database';
import { migrate } from '@livegate/db/migrate';
import { startLocalPostgres } from '@livegate/local-postgres/local-postgres';
import { eventually } from './eventually.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    postgresUrl: string;
    redisUrl: string | null;
  }
}

type Project = {
  provide(key: 'postgresUrl', value: string): void;
  provide(key: 'redisUrl', value: string | null): void;
};

export const TEMPLATE_DATABASE = 'livegate_template';

export default async function setup(project: Project): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'livegate-test-'));
  const postgres = process.env.TEST_DATABASE_URL
    ? { url: process.env.TEST_DATABASE_URL, stop: async () => undefined }
    : // Tests may lose their database in a power cut; they should not wait for the disk.
      await startLocalPostgres({
        dataDir: join(directory, 'postgres'),
        flags: ['-c', 'fsync=off', '-c', 'max_connections=400'],
      });
  await makeTemplate(postgres.url);
  const redis = process.env.REDIS_URL
    ? { url: process.env.REDIS_URL, stop: () => undefined }
    : await startRedis(directory);
  if (!redis)
    process.stderr.write(
      '\n*** SKIPPED: no redis-server found and REDIS_URL is not set: nothing is tested on Redis ***\n\n',
    );
  project.provide('postgresUrl', postgres.url);
  project.provide('redisUrl', redis?.url ?? null);
  return async () => {
    redis?.stop();
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  };
}

async function makeTemplate(url: string): Promise<void> {
  const raise = (error: Error) => process.stderr.write(`${error.message}\n`);
  const server = openDatabase({ url, applicationName: 'test-kit', maxConnections: 1, onError: raise });
  await server.query(`drop database if exists ${TEMPLATE_DATABASE}`);
  await server.query(`create database ${TEMPLATE_DATABASE}`);
  await server.close();
  const templateUrl = new URL(url);
  templateUrl.pathname = TEMPLATE_DATABASE;
  const template = openDatabase({
    url: templateUrl.href,
    applicationName: 'test-kit',
    maxConnections: 1,
    onError: raise,
  });
  await migrate(template);
  await template.close();
}

/** A Redis that keeps its append-only file in `directory`; null where no redis-server is found. */
export async function startRedis(directory: string): Promise<{ url: string; stop: () => void } | null> {
  const port = await freePort();
  const server = spawn(
    'redis-server',
    [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--dir',
      directory,
      '--appendonly',
      'yes',
      '--save',
      '',
      '--maxmemory-policy',
      'noeviction',
    ],
    { stdio: 'ignore' },
  );
  const missing = await Promise.race([once(server, 'error').then(() => true), once(server, 'spawn').then(() => false)]);
  if (missing) return null;
  await eventually(() => accepts(port));
  return { url: `redis://127.0.0.1:${port}`, stop: () => server.kill('SIGTERM') };
}

async function accepts(port: number): Promise<void> {
  const { connect } = await import('node:net');
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.destroy();
}

/** A TCP port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
