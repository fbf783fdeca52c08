import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
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
import { afterAll, describe, expect, it } from 'vitest';

const redisHere = spawnSync('redis-server', ['--version']).status === 0;
if (!redisHere) process.stderr.write('\n*** SKIPPED: no redis-server found: no outage of Redis is tested ***\n\n');

describe.skipIf(!redisHere)('when Redis goes away', async () => {
  const database = await cloneDatabase();
  const directory = await mkdtemp(join(tmpdir(), 'livegate-outage-'));
  const redisPort = await freePort();
  let redis: ChildProcess | undefined;
  const startRedis = () => {
    const options = ['--port', String(redisPort), '--bind', '127.0.0.1', '--dir', directory, '--save', ''];
    redis = spawn('redis-server', options, { stdio: 'ignore' });
  };
  const killRedis = async () => {
    const ended = once(redis as ChildProcess, 'exit');
    redis?.kill('SIGKILL');
    await ended;
  };
  afterAll(async () => {
    if (redis?.exitCode === null && redis.signalCode === null) await killRedis();
    await rm(directory, { recursive: true, force: true });
  });

  const start = async (name: ServiceName, env: Record<string, string> = {}) => {
    const healthPort = String(await freePort());
    startService(name, {
      DATABASE_URL: database.url,
      REDIS_URL: `redis://127.0.0.1:${redisPort}`,
      LIVEGATE_MODE: 'development',
      LIVEGATE_KEY_DIR: join(directory, 'keys'),
      LIVEGATE_MODEL_PROFILE: 'baseline',
      LIVEGATE_CHILDREN: '1',
      LIVEGATE_LOG_LEVEL: 'silent',
      LIVEGATE_HEALTH_PORT: healthPort,
      ...env,
    });
    const ready = async () => {
      const answer = await fetch(`http://127.0.0.1:${healthPort}/readyz`);
      return { status: answer.status, ...(await answer.json()) };
    };
    await eventually(async () => (await ready()).status === 200, { withinMs: 60_000 });
    return ready;
  };

  it('the worker says so, the api goes on accepting and answering, and nothing is lost', async () => {
    startRedis();
    const apiKey = newApiKey('live');
    const port = String(await freePort());
    const api = await start('api', { LIVEGATE_PORT: port, LIVEGATE_API_KEY: apiKey });
    const worker = await start('inference-worker');
    await start('lifecycle');
    const backend = integrator({ url: `http://127.0.0.1:${port}`, apiKey });

    await killRedis();
    await eventually(async () => (await worker()).status === 503);
    expect((await worker()).checks).toMatchObject({ database: 'ok', models: 'ok', queue: 'failing' });
    expect((await api()).status).toBe(200);
    const check = await backend.create({ threshold: 50 });
    await captureClient(check.url).submit(await genuineFace());
    expect((await backend.get(check.token)).status).toBe(202);

    startRedis();
    await eventually(async () => (await worker()).status === 200, { withinMs: 60_000 });
    const { body } = await eventually(() => backend.untilDone(check.token), { withinMs: 60_000 });
    expect(body).toMatchObject({ status: 'complete', result: { passed: true } });
  });
});
