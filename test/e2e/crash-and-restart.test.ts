import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAdmin } from '@livegate/admin/run-admin';
import { newApiKey } from '@livegate/crypto/api-key';
import { captureClient } from '@livegate/test-kit/capture-client';
import { eventually } from '@livegate/test-kit/eventually';
import { genuineFace } from '@livegate/test-kit/faces';
import { integrator } from '@livegate/test-kit/integrator';
import { commandOf, descendantsOf, isRunning } from '@livegate/test-kit/process-tree';
import { startService } from '@livegate/test-kit/processes';
import { startStack } from '@livegate/test-kit/stack';
import { startWebhookReceiver } from '@livegate/test-kit/webhook-receiver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const face = await genuineFace();

describe('npm start’s process', () => {
  let dataDir = '';
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'livegate-data-'));
  });
  afterAll(() => rm(dataDir, { recursive: true, force: true }));
  const start = () =>
    startService('standalone', { LIVEGATE_PORT: '0', LIVEGATE_DATA_DIR: dataDir, LIVEGATE_CHILDREN: '1' });
  const facts = async (server: ReturnType<typeof start>) => {
    const [, apiKey = ''] = await server.printed(/API key {3}(\S+)/);
    const [, url = ''] = await server.printed(/URL {7}(\S+)/);
    return { apiKey, url };
  };

  it('loses nothing and leaves nobody behind when it is killed, and goes on where it was', async () => {
    const receiver = await startWebhookReceiver();
    const first = start();
    const { url, apiKey } = await facts(first);
    const backend = integrator({ url, apiKey });
    const untouched = await backend.create();
    const submitted = await backend.create({ webhook_url: receiver.url, threshold: 60 });
    await captureClient(submitted.url).submit(face);
    const family = await descendantsOf(first.pid);
    const commands = (await Promise.all(family.map(commandOf))).join('\n');
    expect(commands).toContain('postgres');
    expect(commands).toContain('inference-child');

    first.kill('SIGKILL');
    await first.ended;
    await eventually(async () => !(await Promise.all(family.map(isRunning))).includes(true));

    const second = start();
    const again = await facts(second);
    expect(again.apiKey).toBe(apiKey);
    const after = integrator(again);
    expect((await after.get(untouched.token)).status).toBe(202);
    expect((await after.untilDone(submitted.token)).body).toMatchObject({
      status: 'complete',
      result: { passed: true },
    });
    await eventually(() => receiver.received.length > 0);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);

    const children = await descendantsOf(second.pid);
    const third = start();
    expect(await third.ended).toBe(1);
    expect(third.stderr()).toContain('already runs');

    // As a terminal does it: the group's signal, and npm's copy of it.
    second.kill('SIGINT');
    second.kill('SIGINT');
    expect(await second.ended).toBe(0);
    await eventually(async () => !(await Promise.all(children.map(isRunning))).includes(true));
    await receiver.close();
  });

  it('prints a key that works, also when it is given to a database that has another', async () => {
    const apiKey = newApiKey('live');
    const server = startService('standalone', {
      LIVEGATE_PORT: '0',
      LIVEGATE_DATA_DIR: dataDir,
      LIVEGATE_CHILDREN: '1',
      LIVEGATE_API_KEY: apiKey,
    });
    const { url, apiKey: printed } = await facts(server);
    expect(printed).toBe(apiKey);
    expect((await integrator({ url, apiKey }).create()).token).toHaveLength(32);
    server.kill('SIGTERM');
    expect(await server.ended).toBe(0);
  });

  it('prints another key in place of one that was revoked', async () => {
    const own = await mkdtemp(join(tmpdir(), 'livegate-data-'));
    const env = { LIVEGATE_PORT: '0', LIVEGATE_DATA_DIR: own, LIVEGATE_CHILDREN: '1' };
    const first = startService('standalone', env);
    const { apiKey: revoked } = await facts(first);
    const args = ['key', 'revoke', revoked.split('_')[2] as string];
    const silent = () => undefined;
    expect(await runAdmin({ args, env: { ...process.env, ...env }, print: silent, complain: silent })).toBe(0);
    first.kill('SIGTERM');
    await first.ended;
    const second = startService('standalone', env);
    const { url, apiKey } = await facts(second);
    expect(apiKey).not.toBe(revoked);
    expect((await integrator({ url, apiKey }).create()).token).toHaveLength(32);
    second.kill('SIGTERM');
    await second.ended;
    await rm(own, { recursive: true });
  });

  it('ends, and says why, when its Postgres is gone for good', async () => {
    const server = start();
    await facts(server);
    const pids = await descendantsOf(server.pid);
    const commands = await Promise.all(pids.map(commandOf));
    const postmaster = pids[commands.findIndex((command) => / -D .*cluster/.test(command ?? ''))] as number;
    process.kill(postmaster, 'SIGKILL');
    expect(await server.ended).toBe(1);
    expect(server.stderr()).toContain('the embedded Postgres ended with');
    await eventually(async () => !(await Promise.all(pids.map(isRunning))).includes(true));
  });

  it('says all that is wrong with its settings in one message', async () => {
    const server = startService('standalone', {
      LIVEGATE_PORT: 'http',
      LIVEGATE_MODE: 'test',
      LIVEGATE_PUBLIC_URL: 'here',
      LIVEGATE_API_KEY: 'lv_live_short',
      DATABASE_URL: 'mysql://x',
      LIVEGATE_DATA_DIR: dataDir,
    });
    expect(await server.ended).toBe(1);
    for (const name of ['LIVEGATE_PORT', 'LIVEGATE_MODE', 'LIVEGATE_PUBLIC_URL', 'LIVEGATE_API_KEY', 'DATABASE_URL'])
      expect(server.stderr()).toContain(name);
  });
});

describe('a port that is taken', () => {
  it('is named in plain words, and nobody is left behind', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'livegate-data-'));
    const receiver = await startWebhookReceiver();
    const server = startService('standalone', {
      LIVEGATE_PORT: new URL(receiver.url).port,
      LIVEGATE_DATA_DIR: dataDir,
    });
    expect(await server.ended).toBe(1);
    expect(server.stderr()).toContain('LIVEGATE_PORT');
    expect(server.stderr()).toContain('in use');
    await receiver.close();
    await rm(dataDir, { recursive: true, force: true });
  });
});

describe('a child process', async () => {
  const stack = await startStack();
  const inferenceChild = () =>
    eventually(async () => {
      for (const pid of await descendantsOf(process.pid))
        if ((await commandOf(pid)).includes('inference-child')) return pid;
      throw new Error('no inference child runs');
    });
  const claimed = (token: string) =>
    eventually(async () => {
      const { rows } = await stack.db.query(
        `select count(*)::int as running from frame_batches batch join checks on checks.id = check_id
          where token = $1 and attempts_started > 0 and scored_at is null`,
        [token],
      );
      return rows[0].running > 0;
    });

  it('that dies in the middle of an inference costs its attempt only: the check completes', async () => {
    const pid = await inferenceChild();
    process.kill(pid, 'SIGSTOP');
    const check = await integrator(stack).create({ threshold: 60 });
    await captureClient(check.url).submit(face);
    await claimed(check.token);
    process.kill(pid, 'SIGKILL');
    const { body } = await integrator(stack).untilDone(check.token);
    expect(body).toMatchObject({ status: 'complete', result: { passed: true } });
    const { rows } = await stack.db.query(
      'select sum(crashes)::int as crashes from frame_batches join checks on checks.id = check_id where token = $1',
      [check.token],
    );
    expect(rows[0].crashes).toBeGreaterThanOrEqual(1);
  });
});
