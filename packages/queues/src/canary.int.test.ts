import { eventually } from '@livegate/test-kit/eventually';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { createCanary } from './canary.ts';
import { openQueue, type QueueBackend } from './connection.ts';
import { consume } from './consumer.ts';

const database = await cloneDatabase();
const redisUrl = inject('redisUrl');
const backends: QueueBackend[] = [
  { kind: 'postgres', url: database.url },
  ...(redisUrl ? [{ kind: 'redis', url: redisUrl } as const] : []),
];
const onError = () => undefined;

describe.each(backends)('the canary on $kind', (backend) => {
  const queue = openQueue(backend, 'inference');
  queue.on('error', onError);
  const handled: string[] = [];
  const startConsumer = () =>
    consume({
      backend,
      name: 'inference',
      concurrency: 1,
      handle: async ({ batchId }) => {
        handled.push(batchId);
      },
      onError,
    });
  let milliseconds = 0;
  const canary = createCanary({ queue, name: 'inference', now: () => milliseconds });
  afterAll(() => queue.close());

  it('ages while no worker takes it, and is young again once one does', async () => {
    await canary.beat();
    milliseconds = 45_000;
    await canary.beat();
    expect(canary.ageSeconds()).toBe(45);

    const consumer = startConsumer();
    await eventually(async () => {
      await canary.beat();
      return canary.ageSeconds() === 45 && handled.length >= 1 ? true : canary.ageSeconds() < 45;
    });
    await eventually(async () => {
      await canary.beat();
      return canary.ageSeconds() === 0;
    });
    expect(new Set(handled)).toEqual(new Set(['bat_canary']));
    await consumer.close();
  });

  it('is sent again when the queue lost it', async () => {
    milliseconds += 10_000;
    await canary.beat();
    await queue.obliterate({ force: true });
    milliseconds += 40_000;
    await canary.beat();
    expect(canary.ageSeconds()).toBe(50);
    const consumer = startConsumer();
    await eventually(async () => {
      await canary.beat();
      return canary.ageSeconds() === 0;
    });
    await consumer.close();
  });
});
