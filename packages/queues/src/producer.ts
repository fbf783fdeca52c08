/** Adds jobs. An answer means that the queue has it; no answer means nothing: the outbox row is what counts. */
import { type Canary, createCanary } from './canary.ts';
import { type Payload, QUEUES, type QueueName } from './catalog.ts';
import { openQueue, type QueueBackend } from './connection.ts';

export type Producer = {
  enqueue<Name extends QueueName>(name: Name, payload: Payload<Name>): Promise<void>;
  /** How many jobs the queue holds, by state. Rejects when it does not answer. */
  count(name: QueueName): Promise<Record<string, number>>;
  /** Whether jobs come through: the caller lets it beat and reads its age. */
  canary(name: QueueName): Canary;
  close(): Promise<void>;
};

// BullMQ's add can hang when it races a lost connection; the caller is a request, and the sweep covers for it.
const ADD_LIMIT_MS = 2_000;

/** Opens producers for every queue; `onError` hears of connection trouble. */
export function openProducer({
  backend,
  onError,
}: {
  backend: QueueBackend;
  onError: (error: Error) => void;
}): Producer {
  const queues = new Map((Object.keys(QUEUES) as QueueName[]).map((name) => [name, openQueue(backend, name)]));
  for (const queue of queues.values()) queue.on('error', onError);
  const find = (name: QueueName) => {
    const queue = queues.get(name);
    if (!queue) throw new TypeError(`no queue is named ${name}`);
    return queue;
  };
  return {
    enqueue: async (name, payload) => {
      const queue = find(name);
      const { jobId, attempts, keepCompleted, keepFailed, payload: schema } = QUEUES[name];
      const data = schema.parse(payload);
      const add = queue.add(name, data, {
        jobId: jobId(data),
        attempts,
        removeOnComplete: keepCompleted,
        removeOnFail: keepFailed,
      });
      await within(add, ADD_LIMIT_MS);
    },
    count: (name) => within(find(name).getJobCounts('wait', 'active', 'delayed', 'failed'), ADD_LIMIT_MS),
    canary: (name) => {
      const canary = createCanary({ queue: find(name), name });
      return { ...canary, beat: () => within(canary.beat(), ADD_LIMIT_MS) };
    },
    close: async () => {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
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
