/**
 * Where BullMQ keeps its jobs: Redis (any number of machines), or the Postgres beside it (one machine only: its locks
 * trust each worker's clock).
 */
import {
  createPostgresBackend,
  type Queue,
  Queue as RedisQueue,
  Worker as RedisWorker,
  type Worker,
  withBackend,
} from 'bullmq';
import { BullMQOtel } from 'bullmq-otel';

export type QueueBackend = { kind: 'redis'; url: string } | { kind: 'postgres'; url: string };

/** Redis when its URL is given, else BullMQ's tables in Postgres. */
export function chooseBackend({
  redisUrl,
  databaseUrl,
}: {
  redisUrl?: string | undefined;
  databaseUrl: string;
}): QueueBackend {
  return redisUrl ? { kind: 'redis', url: redisUrl } : { kind: 'postgres', url: databaseUrl };
}

const onPostgres = withBackend(createPostgresBackend);
const telemetry = new BullMQOtel({ tracerName: 'livegate.queue' });

const postgresConnection = (url: string) => ({
  connectionString: url,
  schema: 'bullmq',
  migrate: true,
  // Five connections serve a queue's short statements; BullMQ keeps one more for LISTEN.
  max: 5,
  // A server that vanished without a word is given up, as by our own pools.
  connectionTimeoutMillis: 5_000,
  query_timeout: 15_000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
});

/** Opens the producing side. An add fails at once when Redis is away: the sweep will enqueue what was not. */
export function openQueue(backend: QueueBackend, name: string): Queue {
  return backend.kind === 'redis'
    ? new RedisQueue(name, {
        connection: { url: backend.url, enableOfflineQueue: false, maxRetriesPerRequest: 1, retryStrategy },
        telemetry,
      })
    : (new onPostgres.Queue(name, { connection: postgresConnection(backend.url), telemetry }) as unknown as Queue);
}

type Processor = (job: { data: unknown }) => Promise<void>;

/** Opens the consuming side, not yet running. */
export function openWorker(
  backend: QueueBackend,
  { name, concurrency, processor }: { name: string; concurrency: number; processor: Processor },
): Worker {
  // Our own counters decide what is poison, so stalls alone never fail a job early.
  const common = { concurrency, autorun: false, maxStalledCount: 5, drainDelay: 5, telemetry };
  return backend.kind === 'redis'
    ? new RedisWorker(name, processor, {
        ...common,
        connection: { url: backend.url, maxRetriesPerRequest: null, retryStrategy },
        // Safe only because the supervisor never runs native or long synchronous code; a dead worker's jobs are back in 10 s.
        lockDuration: 6_000,
        stalledInterval: 2_000,
      })
    : (new onPostgres.Worker(name, processor, {
        ...common,
        connection: postgresConnection(backend.url),
        // Long, because the Postgres backend compares lock times with the caller's clock.
        lockDuration: 30_000,
        stalledInterval: 5_000,
      }) as unknown as Worker);
}

/**
 * Rejects when the first connection to Postgres failed: BullMQ would repeat that failure for the life of the process, so it
 * must not live on. Redis is not waited for: its client tries until it is there.
 */
export async function requireFirstConnection(
  backend: QueueBackend,
  opened: Pick<Queue, 'waitUntilReady'>,
): Promise<void> {
  if (backend.kind === 'postgres') await opened.waitUntilReady();
}

// BullMQ's own back-off grows to 20 s, which is how long workers would sleep after Redis is back (measured 13 s).
const retryStrategy = (times: number) => Math.min(times * 100, 2_000);
