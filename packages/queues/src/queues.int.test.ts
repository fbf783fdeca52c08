import { eventually } from '@livegate/test-kit/eventually';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { afterAll, describe, expect, inject, it } from 'vitest';
import type { QueueBackend } from './connection.ts';
import { consume } from './consumer.ts';
import { openProducer } from './producer.ts';

const database = await cloneDatabase();
const redisUrl = inject('redisUrl');
const backends: QueueBackend[] = [
  { kind: 'postgres', url: database.url },
  ...(redisUrl ? [{ kind: 'redis', url: redisUrl } as const] : []),
];
const onError = () => undefined;

describe.each(backends)('the inference queue on $kind', (backend) => {
  const producer = openProducer({ backend, onError });
  const handled: string[] = [];
  const consumer = consume({
    backend,
    name: 'inference',
    concurrency: 4,
    handle: async ({ batchId, generation }) => {
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

  it('refuses a payload that holds anything but ids', async () => {
    const payload = { batchId: 'bat_1', generation: 1, image: 'secret' };
    await expect(producer.enqueue('inference', payload)).rejects.toThrow(/image/);
  });
});

it('says at once that Redis is away, so that the request goes on and the sweep takes over', async () => {
  const producer = openProducer({ backend: { kind: 'redis', url: 'redis://127.0.0.1:1' }, onError });
  await expect(producer.enqueue('inference', { batchId: 'bat_1', generation: 1 })).rejects.toThrow();
  await producer.close();
});
