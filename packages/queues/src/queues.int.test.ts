import { eventually } from '@livegate/test-kit/eventually';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { startTcpFaultProxy } from '@livegate/test-kit/tcp-fault-proxy';
import { Redis } from 'ioredis';
import { afterAll, describe, expect, inject, it } from 'vitest';
import type { QueueBackend } from './connection.ts';
import { consume } from './consumer.ts';
import { openProducer } from './producer.ts';
import { openQueueProbe, refuseUnsafeQueue } from './queue-probe.ts';

const database = await cloneDatabase();
const redisUrl = inject('redisUrl');
const backends: QueueBackend[] = [
  { kind: 'postgres', url: database.url },
  ...(redisUrl ? [{ kind: 'redis', url: redisUrl } as const] : []),
];
const onError = () => undefined;

describe.each(backends)('the inference queue on $kind', async (backend) => {
  const producer = await openProducer({ backend, onError });
  const handled: string[] = [];
  const consumer = await consume({
    backend,
    name: 'inference',
    concurrency: 4,
    handle: async (payload) => {
      if ('canary' in payload) return void handled.push(payload.canary);
      const { batchId, generation } = payload;
      handled.push(`${batchId}/${generation}`);
      if (batchId.startsWith('bat_fail')) throw new Error('this job fails');
    },
    onError,
  });
  afterAll(async () => {
    await consumer.close();
    await producer.close();
  });
  const times = (id: string) => handled.filter((seen) => seen === id).length;

  it('hands every job to the handler', async () => {
    // Before the first connection stands an add is given up early; on a busy machine that is now.
    await eventually(() => producer.enqueue('inference', { batchId: `bat_first${backend.kind}`, generation: 1 }));
    const ids = Array.from({ length: 20 }, (_, index) => `bat_${backend.kind}${index}`);
    await Promise.all(ids.map((batchId) => producer.enqueue('inference', { batchId, generation: 1 })));
    await eventually(() => ids.every((id) => times(`${id}/1`) === 1));
  });

  it('absorbs a second job of one generation, and takes the next generation', async () => {
    const batchId = `bat_again${backend.kind}`;
    await producer.enqueue('inference', { batchId, generation: 1 });
    await eventually(() => times(`${batchId}/1`) === 1);
    await producer.enqueue('inference', { batchId, generation: 1 });
    await producer.enqueue('inference', { batchId, generation: 2 });
    await eventually(() => times(`${batchId}/2`) === 1);
    expect(times(`${batchId}/1`)).toBe(1);
  });

  it('never repeats a failed job by itself: retries are counted in our rows', async () => {
    const batchId = `bat_fail${backend.kind}`;
    await producer.enqueue('inference', { batchId, generation: 1 });
    await producer.enqueue('inference', { batchId: `bat_after${backend.kind}`, generation: 1 });
    await eventually(() => times(`bat_after${backend.kind}/1`) === 1);
    expect(times(`${batchId}/1`)).toBe(1);
  });

  it('takes a canary again and again under one id', async () => {
    const canary = `worker-${backend.kind}`;
    for (let round = 1; round <= 2; round += 1) {
      // Asked again while the last one is still being finished it is the same job.
      await eventually(async () => {
        await producer.enqueue('inference', { canary }, { front: true });
        return times(canary) >= round;
      });
    }
  });

  it('refuses a payload that holds anything but ids', async () => {
    const payload = { batchId: 'bat_1', generation: 1, image: 'secret' };
    await expect(producer.enqueue('inference', payload)).rejects.toThrow(/image/);
  });
});

describe.each(backends)('what goes to the front on $kind', (backend) => {
  it('is taken before what waited already', async () => {
    const producer = await openProducer({ backend, onError });
    const batch = (name: string) => ({ batchId: `bat_${name}front${backend.kind}`, generation: 1 });
    for (const name of ['first', 'second']) await producer.enqueue('inference', batch(name));
    for (const name of ['old', 'oldest']) await producer.enqueue('inference', batch(name), { front: true });
    expect(await producer.count('inference')).toMatchObject({ wait: 4, active: 0 });
    const taken: string[] = [];
    const consumer = await consume({
      backend,
      name: 'inference',
      concurrency: 1,
      handle: async (payload) => {
        if ('batchId' in payload) taken.push(payload.batchId);
      },
      onError,
    });
    await eventually(() => taken.length === 4);
    expect(taken).toEqual(['oldest', 'old', 'first', 'second'].map((name) => batch(name).batchId));
    await consumer.close();
    await producer.close();
  });
});

it.runIf(redisUrl)(
  'refuses a Redis that may evict jobs in production, and passes one that may not or is away',
  async () => {
    const backend = { kind: 'redis', url: redisUrl ?? '' } as const;
    const reports: Error[] = [];
    const judge = (mode: 'development' | 'production', judged: QueueBackend = backend) =>
      refuseUnsafeQueue(judged, { mode, onError: (error) => reports.push(error) });
    const admin = new Redis(backend.url);
    try {
      await judge('production');
      expect(reports).toEqual([]);
      await admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
      await expect(judge('production')).rejects.toThrow(/allkeys-lru.*noeviction/);
      await judge('development');
      expect(reports.at(-1)?.message).toContain('allkeys-lru');
    } finally {
      await admin.config('SET', 'maxmemory-policy', 'noeviction');
      admin.disconnect();
    }
    await judge('production', { kind: 'redis', url: 'redis://127.0.0.1:1' });
  },
);

it.runIf(redisUrl)('says whether Redis answers', async () => {
  const here = openQueueProbe({ kind: 'redis', url: redisUrl ?? '' }, onError);
  await eventually(() => here.ping());
  here.close();
  const away = openQueueProbe({ kind: 'redis', url: 'redis://127.0.0.1:1' }, onError);
  await expect(away.ping()).rejects.toThrow();
  away.close();
});

it('fails the start when Postgres cannot be had at first: nothing would ever heal that queue', async () => {
  const proxy = await startTcpFaultProxy(Number(new URL(database.url).port));
  const url = new URL(database.url);
  url.host = `127.0.0.1:${proxy.port}`;
  const backend = { kind: 'postgres', url: url.href } as const;
  proxy.behave({ kind: 'cut' });
  await expect(openProducer({ backend, onError })).rejects.toThrow();
  const worker = { backend, name: 'inference', concurrency: 1, handle: async () => undefined, onError } as const;
  await expect(consume(worker)).rejects.toThrow();
  await proxy.close();
});

it('says at once that Redis is away, so that the request goes on and the sweep takes over', async () => {
  const errors: Error[] = [];
  const producer = await openProducer({
    backend: { kind: 'redis', url: 'redis://127.0.0.1:1' },
    onError: (error) => errors.push(error),
  });
  const add = () => producer.enqueue('inference', { batchId: 'bat_1', generation: 1 });
  await expect(add()).rejects.toThrow();
  // Once connecting has failed nobody waits for it any more.
  await eventually(() => errors.length > 0);
  const patience = new Promise((resolve) => setTimeout(() => resolve('still waiting'), 500));
  await expect(Promise.race([add(), patience])).rejects.toThrow(/ECONNREFUSED/);
  await expect(producer.count('inference')).rejects.toThrow(/ECONNREFUSED/);
  await producer.close();
});
