/** The api alone, on a database of its own: what it answers without a worker behind it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '@livegate/api/config';
import { wireApi } from '@livegate/api/wiring';
import { newApiKey } from '@livegate/crypto/api-key';
import { afterAll } from 'vitest';
import { cloneDatabase, type TestDatabase } from './postgres.ts';
import { watchAnswers } from './watch-answers.ts';

/** `url`: where it listens; links are there, too, unless `LIVEGATE_PUBLIC_URL` says otherwise. */
export type TestApi = { url: string; apiKey: string; database: TestDatabase; keyDir: string };

type Options = { mode?: string; env?: Record<string, string> };

/** With one live key; in mode development unless told otherwise. `env` adds to or replaces settings. Stopped after the file's last test. */
export async function startApi({ mode = 'development', env = {} }: Options = {}): Promise<TestApi> {
  const database = await cloneDatabase();
  const keyDir = await mkdtemp(join(tmpdir(), 'livegate-api-'));
  const apiKey = newApiKey('live');
  const config = readConfig({
    LIVEGATE_MODE: mode,
    LIVEGATE_PORT: '0',
    LIVEGATE_KEY_DIR: keyDir,
    LIVEGATE_API_KEY: apiKey,
    LIVEGATE_LOG_LEVEL: 'silent',
    DATABASE_URL: database.url,
    ...env,
  });
  const api = await wireApi({ ...config, healthPort: null });
  afterAll(async () => {
    await api.stop();
    await rm(keyDir, { recursive: true });
  });
  watchAnswers(api.listensAt);
  return { url: api.listensAt, apiKey, database, keyDir };
}
