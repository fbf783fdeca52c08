/** Asks the queue's server itself: whether it answers, and whether it is set up to keep what it is given. */
import { Redis } from 'ioredis';
import type { QueueBackend } from './connection.ts';

export type QueueProbe = {
  /** Rejects at once when the queue's server is away. On Postgres the database's own check says so. */
  ping(): Promise<void>;
  close(): void;
};

export function openQueueProbe(backend: QueueBackend, onError: (error: Error) => void): QueueProbe {
  if (backend.kind === 'postgres') return { ping: async () => undefined, close: () => undefined };
  const redis = connect(backend.url, onError);
  return {
    ping: async () => {
      await redis.ping();
    },
    close: () => redis.disconnect(),
  };
}

const LOOK_LIMIT_MS = 2_000;

type Options = { mode: 'development' | 'production'; onError: (error: Error) => void };

/**
 * Throws when Redis may evict jobs to make room; in development that is only reported. A Redis that does not answer now
 * passes: everything that needs it waits for it, and nothing is lost meanwhile.
 */
export async function refuseUnsafeQueue(backend: QueueBackend, { mode, onError }: Options): Promise<void> {
  if (backend.kind === 'postgres') return;
  const redis = connect(backend.url, onError);
  try {
    const policy = await evictionPolicy(redis).catch((error: Error) => {
      onError(error);
      return null;
    });
    if (policy === null || policy === 'noeviction') return;
    const refusal = new Error(
      `Redis has maxmemory-policy ${policy}: it would throw queued work away when memory runs short. Set it to noeviction.`,
    );
    if (mode === 'production') throw refusal;
    onError(refusal);
  } finally {
    redis.disconnect();
  }
}

/** Null where the server does not tell. INFO, not CONFIG: managed services forbid the latter. */
async function evictionPolicy(redis: Redis): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Redis did not answer within ${LOOK_LIMIT_MS} ms`)), LOOK_LIMIT_MS);
  });
  try {
    await Promise.race([new Promise((resolve) => redis.once('ready', resolve)), limit]);
    const memory = await Promise.race([redis.info('memory'), limit]);
    return /^maxmemory_policy:(\S+)/m.exec(memory)?.[1] ?? null;
  } finally {
    clearTimeout(timer);
  }
}

function connect(url: string, onError: (error: Error) => void): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    retryStrategy: (times) => Math.min(times * 100, 2_000),
  });
  redis.on('error', onError);
  return redis;
}
