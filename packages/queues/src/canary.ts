/**
 * A job that asks for nothing, sent through the queue every few seconds: it comes home only while queue and workers both
 * work. (A BullMQ worker says that it is running all through a Redis outage.)
 */
import type { Queue } from 'bullmq';
import { QUEUES, type QueueName } from './catalog.ts';

export type Canary = {
  /** Looks for the one that is out, and sends the next when it is time. */
  beat(): Promise<void>;
  /** Seconds since the last one that came home was sent. */
  ageSeconds(): number;
};

const SEND_EVERY_MS = 10_000;

/** No batch has this id: a worker finds nothing to do. */
const NO_BATCH = 'bat_canary';

/** Starts as if one had just come home. `now` is a monotonic clock in milliseconds. */
export function createCanary({
  queue,
  name,
  now = () => performance.now(),
}: {
  queue: Queue;
  name: QueueName;
  now?: () => number;
}): Canary {
  const { attempts, keepCompleted, keepFailed, payload } = QUEUES[name];
  let home = now();
  let sentAt = Number.NEGATIVE_INFINITY;
  let out: string | undefined;

  const send = async () => {
    sentAt = now();
    const job = await queue.add(name, payload.parse({ batchId: NO_BATCH, generation: 1 }), {
      attempts,
      removeOnComplete: keepCompleted,
      removeOnFail: keepFailed,
    });
    out = job.id;
  };
  const look = async (id: string) => {
    const job = await queue.getJob(id);
    if (job && !job.finishedOn) return;
    // Not there: done and pushed out by the jobs that were done after it, or lost with the queue.
    const finished = job ?? (await queue.getJobCounts('completed')).completed === keepCompleted.count;
    if (finished) home = sentAt;
    out = undefined;
  };
  return {
    beat: async () => {
      if (out !== undefined) await look(out);
      if (out === undefined && now() - sentAt >= SEND_EVERY_MS) await send();
    },
    ageSeconds: () => (now() - home) / 1_000,
  };
}
