/** Adds jobs. An answer means that the queue has it; no answer means nothing: the outbox row is what counts. */
import { type Payload, QUEUES, type QueueName } from './catalog.ts';
import { openQueue, type QueueBackend } from './connection.ts';

export type Producer = {
  enqueue<Name extends QueueName>(name: Name, payload: Payload<Name>): Promise<void>;
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
  return {
    enqueue: async (name, payload) => {
      const queue = queues.get(name);
      if (!queue) throw new TypeError(`no queue is named ${name}`);
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
    close: async () => {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}

async function within(work: Promise<unknown>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the queue did not answer within ${limitMs} ms`)), limitMs);
  });
  try {
    await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}
