/** The whole of Livegate in this process, on a database of its own and free ports: what `npm start` runs. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '@livegate/db/database';
import { wireStandalone } from '@livegate/standalone/wiring';
import { afterAll } from 'vitest';
import { cloneDatabase } from './postgres.ts';
import { repositoryRoot } from './shared-files.ts';
import { watchAnswers } from './watch-answers.ts';

export type Stack = {
  url: string;
  apiKey: string;
  db: Database;
  databaseUrl: string;
  dataDir: string;
  stop(): Promise<void>;
};

/** Stopped after the file's last test. `env` adds to or replaces settings. */
export async function startStack({
  env = {},
  redisUrl = null,
}: {
  env?: Record<string, string>;
  redisUrl?: string | null;
} = {}): Promise<Stack> {
  const { url: databaseUrl, db } = await cloneDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'livegate-stack-'));
  const running = await wireStandalone({
    env: {
      LIVEGATE_PORT: '0',
      LIVEGATE_DATA_DIR: dataDir,
      LIVEGATE_MODELS_DIR: join(repositoryRoot, '.models'),
      LIVEGATE_CHILDREN: '1',
      LIVEGATE_LOG_LEVEL: process.env.LIVEGATE_LOG_LEVEL ?? 'error',
      DATABASE_URL: databaseUrl,
      ...(redisUrl ? { REDIS_URL: redisUrl } : {}),
      ...env,
    },
    print: () => undefined,
  });
  const stop = async () => {
    await running.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  afterAll(stop);
  watchAnswers(running.url);
  return { url: running.url, apiKey: running.apiKey as string, db, databaseUrl, dataDir, stop };
}
