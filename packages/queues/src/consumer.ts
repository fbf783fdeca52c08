/** Takes jobs and hands their parsed payloads to one handler per queue. */
import { type Payload, QUEUES, type QueueName } from './catalog.ts';
import { openWorker, type QueueBackend, requireFirstConnection } from './connection.ts';

export type Consumer = { close(): Promise<void> };

type Options<Name extends QueueName> = {
  backend: QueueBackend;
  name: Name;
  concurrency: number;
  handle: (payload: Payload<Name>) => Promise<void>;
  onError: (error: Error) => void;
};

// Longer than a batch may take. BullMQ's own close waits without bound.
const CLOSE_LIMIT_MS = 12_000;

/**
 * Starts consuming. Rejects when Postgres cannot be had at once. `close` waits for the jobs in hand; a stopped worker's
 * unfinished jobs come back through the outbox.
 */
export async function consume<Name extends QueueName>({
  backend,
  name,
  concurrency,
  handle,
  onError,
}: Options<Name>): Promise<Consumer> {
  const { payload } = QUEUES[name];
  const worker = openWorker(backend, {
    name,
    concurrency,
    processor: async (job) => {
      await handle(payload.parse(job.data) as Payload<Name>);
    },
  });
  worker.on('error', onError);
  const close = () => closeWithin(worker, CLOSE_LIMIT_MS);
  try {
    await requireFirstConnection(backend, worker);
  } catch (error) {
    await close();
    throw error;
  }
  worker.run().catch(onError);
  return { close };
}

async function closeWithin(worker: Pick<ReturnType<typeof openWorker>, 'close'>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([worker.close(), limit]);
  clearTimeout(timer);
}
