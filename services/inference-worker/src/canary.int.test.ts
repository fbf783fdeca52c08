import { consume } from '@livegate/queues/consumer';
import { openProducer } from '@livegate/queues/producer';
import { eventually } from '@livegate/test-kit/eventually';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { startCanary } from './canary.ts';
import { openInferencePool } from './inference-pool.ts';

const { url } = await cloneDatabase();
const redisUrl = inject('redisUrl');
// A database of Redis of its own: other test files take jobs of the same queue at the same time.
const ownRedis = redisUrl ? new URL('/1', redisUrl).href : null;
const backends = [{ kind: 'postgres' as const, url }, ...(ownRedis ? [{ kind: 'redis' as const, url: ownRedis }] : [])];
const onError = () => undefined;
const pool = openInferencePool({
  size: 1,
  settings: { profile: 'baseline', modelsDir: '', manifest: null, provider: 'cpu', observesHeads: true },
  limitMs: 2_000,
  onChildLost: () => undefined,
  program: new URL('./test-programs/misbehaving-child.mjs', import.meta.url),
});
afterAll(() => pool.close());

describe.each(backends)('the canary on $kind', (backend) => {
  it('goes through queue and child, and is missed when none comes out any more', async () => {
    let skippedMs = 0;
    let sung = 0;
    const producer = await openProducer({ backend, onError });
    const worker = `test-${backend.kind}-${process.pid}`;
    const canary = startCanary({ worker, producer, pool, onError, now: () => performance.now() + skippedMs });
    const consumer = await consume({
      backend,
      name: 'inference',
      concurrency: 1,
      handle: async (payload) => {
        if (!('canary' in payload) || payload.canary !== worker) return;
        await canary.score();
        canary.sing();
        sung += 1;
      },
      onError,
    });
    await eventually(() => sung === 1);
    await canary.requireAlive();
    skippedMs = 31_000;
    await expect(canary.requireAlive()).rejects.toThrow(/no job was done for 3\d s/);
    // Asked again while the last one is still being finished it is the same job.
    await eventually(async () => {
      await producer.enqueue('inference', { canary: worker });
      return sung > 1;
    });
    await canary.requireAlive();
    canary.close();
    await consumer.close();
    await producer.close();
  });
});
