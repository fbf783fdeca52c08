import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newApiKey } from '@livegate/crypto/api-key';
import { captureClient } from '@livegate/test-kit/capture-client';
import { eventually } from '@livegate/test-kit/eventually';
import { genuineFace } from '@livegate/test-kit/faces';
import { freePort } from '@livegate/test-kit/global-setup';
import { integrator } from '@livegate/test-kit/integrator';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { type ServiceName, startService } from '@livegate/test-kit/processes';
import { afterAll, describe, expect, inject, it } from 'vitest';

const redisUrl = inject('redisUrl');
const SERVICES: ServiceName[] = ['api', 'inference-worker', 'lifecycle', 'webhook-dispatcher'];

describe.skipIf(!redisUrl)('the four services as four processes, in production mode', async () => {
  const database = await cloneDatabase();
  const keyDir = await mkdtemp(join(tmpdir(), 'livegate-keys-'));
  afterAll(() => rm(keyDir, { recursive: true, force: true }));
  const settings = {
    DATABASE_URL: database.url,
    REDIS_URL: redisUrl ?? '',
    LIVEGATE_KEY_DIR: keyDir,
    LIVEGATE_MODEL_PROFILE: 'baseline',
    LIVEGATE_LOG_LEVEL: 'warn',
  };

  it('start alone, each with its own health port, work together, and stop cleanly', async () => {
    const apiKey = newApiKey('live');
    const port = await freePort();
    const running = await Promise.all(
      SERVICES.map(async (name) => {
        const healthPort = String(await freePort());
        const process = startService(name, {
          ...settings,
          LIVEGATE_API_KEY: apiKey,
          LIVEGATE_PORT: String(port),
          LIVEGATE_HEALTH_PORT: healthPort,
        });
        return { name, process, healthPort };
      }),
    );
    for (const { healthPort } of running) {
      await eventually(async () => (await fetch(`http://127.0.0.1:${healthPort}/readyz`)).status === 200, {
        withinMs: 60_000,
      });
    }
    const worker = running.find(({ name }) => name === 'inference-worker');
    const ready = await fetch(`http://127.0.0.1:${worker?.healthPort}/readyz`);
    expect((await ready.json()).checks).toEqual({ database: 'ok', models: 'ok', queue: 'ok', canary: 'ok' });
    const backend = integrator({ url: `http://127.0.0.1:${port}`, apiKey });
    const check = await backend.create({ threshold: 50 });
    await captureClient(check.url).submit(await genuineFace());
    expect((await backend.untilDone(check.token)).body).toMatchObject({
      status: 'complete',
      result: { passed: true, model_profile: 'baseline' },
    });
    await expect(backend.create({ webhook_url: 'http://127.0.0.1:9/hook' })).rejects.toThrow(/400/);

    for (const { process } of running) process.kill('SIGTERM');
    expect(await Promise.all(running.map(({ process }) => process.ended))).toEqual([0, 0, 0, 0]);
  });

  it.each([
    ['api', { LIVEGATE_API_KEY: '' }, 'LIVEGATE_API_KEY is not set'],
    ['api', { LIVEGATE_API_KEY: 'lv_live_short' }, 'LIVEGATE_API_KEY must be'],
    ['api', { DATABASE_URL: '', LIVEGATE_API_KEY: '' }, 'DATABASE_URL is not set'],
    ['inference-worker', { LIVEGATE_MODEL_PROFILE: 'auto' }, 'LIVEGATE_MODEL_PROFILE must be'],
    ['lifecycle', { DATABASE_URL: 'mysql://x' }, 'DATABASE_URL must be a URL that starts with'],
  ] as const)('%s refuses to start with %o', async (name, env, message) => {
    await database.db.query('delete from api_keys');
    const service = startService(name, { ...settings, LIVEGATE_PORT: '0', LIVEGATE_HEALTH_PORT: '0', ...env });
    expect(await service.ended).toBe(1);
    expect(service.stderr()).toContain(message);
  });
});

it('refuses a second host on the Postgres queue in production', async () => {
  const database = await cloneDatabase();
  await database.db.query(`insert into service_hosts (host, service) values ('another-machine', 'api')`);
  const service = startService('lifecycle', { DATABASE_URL: database.url, LIVEGATE_HEALTH_PORT: '0' });
  expect(await service.ended).toBe(1);
  expect(service.stderr()).toMatch(/already runs on another-machine.*REDIS_URL/s);
});
