/** Enqueues batches right after the commit that made them. What the queue does not take now, the sweep enqueues. */
import type { Queryable } from '@livegate/db/database';
import { type BatchHint, markEnqueued } from '@livegate/db/frame-batches';
import type { Producer } from '@livegate/queues/producer';
import type { Logger } from '@livegate/telemetry/logger';
import { withTraceparent } from '@livegate/telemetry/trace-context';

export type EnqueueDeps = { db: Queryable; producer: Producer; logger: Logger };

export async function enqueueBatches(
  { db, producer, logger }: EnqueueDeps,
  hints: readonly BatchHint[],
): Promise<void> {
  for (const { batchId, generation, traceparent } of hints) {
    try {
      // The job continues the check's trace, which the create request began, not that of this upload.
      await withTraceparent(traceparent, () => producer.enqueue('inference', { batchId, generation }));
      await markEnqueued(db, { batchId, generation });
    } catch (error) {
      logger.warn('enqueue_failed', { batchId, error: error as Error });
    }
  }
}
