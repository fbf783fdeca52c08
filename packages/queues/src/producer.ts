/** Adds jobs. An answer means that the queue has it; no answer means nothing: the outbox row is what counts. */
import { type Payload, QUEUES, type QueueName } from './catalog.ts';
import { openQueue, type QueueBackend, requireFirstConnection } from './connection.ts';

export type Producer = {
  /**
   * `front`: before all that waits. For work that has waited once and was lost or re-driven: with a new generation it would
   * begin again behind everything younger.
   */
  enqueue<Name extends QueueName>(name: Name, payload: Payload<Name>, options?: { front?: boolean }): Promise<void>;
  /** How many jobs the queue holds, by state. Rejects when it does not answer. */
  count(name: QueueName): Promise<Record<string, number>>;
  /** How many workers are connected to take jobs from it. Rejects when it does not answer. */
  countWorkers(name: QueueName): Promise<number>;
  close(): Promise<void>;
};

// BullMQ's add can hang when it races a lost connection; the caller is a request, and the sweep covers for it.
const ADD_LIMIT_MS = 2_000;
// A queue that is away cannot say goodbye.
const CLOSE_LIMIT_MS = 2_000;

/** Opens producers for every queue; `onError` hears of connection trouble. Rejects when Postgres cannot be had at once. */
export async function openProducer({
  backend,
  onError,
}: {
  backend: QueueBackend;
  onError: (error: Error) => void;
}): Promise<Producer> {
  const queues = new Map((Object.keys(QUEUES) as QueueName[]).map((name) => [name, openQueue(backend, name)]));
  // Before the first connection stands an add would wait for it, however often connecting has failed already.
  const refusals = new Map<QueueName, Error>();
  for (const [name, queue] of queues) {
    const noteRefusal = (error: Error) => refusals.set(name, error);
    queue.on('error', onError);
    queue.on('error', noteRefusal);
    queue.waitUntilReady().then(() => {
      queue.off('error', noteRefusal);
      refusals.delete(name);
    }, onError);
  }
  const close = async () => {
    const closing = Promise.all([...queues.values()].map((queue) => queue.close()));
    await within(closing, CLOSE_LIMIT_MS).catch(onError);
  };
  try {
    await Promise.all([...queues.values()].map((queue) => requireFirstConnection(backend, queue)));
  } catch (error) {
    await close();
    throw error;
  }
  const find = (name: QueueName) => {
    const queue = queues.get(name);
    if (!queue) throw new TypeError(`no queue is named ${name}`);
    const refusal = refusals.get(name);
    if (refusal) throw refusal;
    return queue;
  };
  return {
    enqueue: async (name, payload, { front = false } = {}) => {
      const queue = find(name);
      const { jobId, attempts, keepCompleted, keepFailed, payload: schema } = QUEUES[name];
      const data = schema.parse(payload);
      const add = queue.add(name, data, {
        jobId: jobId(data),
        attempts,
        // A canary is asked for again and again under one id, so that at most one of each worker waits.
        removeOnComplete: 'canary' in data ? true : keepCompleted,
        removeOnFail: 'canary' in data ? true : keepFailed,
        lifo: front,
      });
      await within(add, ADD_LIMIT_MS);
    },
    count: async (name) => {
      const queue = find(name);
      return within(queue.getJobCounts('wait', 'active', 'delayed', 'failed'), ADD_LIMIT_MS);
    },
    countWorkers: async (name) => within(find(name).getWorkersCount(), ADD_LIMIT_MS),
    close,
  };
}

async function within<T>(work: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the queue did not answer within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}
