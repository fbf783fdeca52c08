/** Enqueues batches right after the commit that made them. What the queue does not take now, the sweep enqueues. */
import { setTimeout as pause } from 'node:timers/promises';
import { currentClient } from '@livegate/db/client-scope';
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
      noteTaken({ db, logger }, { batchId, generation });
    } catch (error) {
      logger.warn('enqueue_failed', { batchId, error: error as Error });
    }
  }
}

type Taken = Pick<BatchHint, 'batchId' | 'generation'>;
/** By client: on behalf of one, the batches of another cannot be seen. */
const taken = new WeakMap<Queryable, Map<string | null, Taken[]>>();

// The sweep leaves a new batch alone for a second. By then most are scored, and there is nothing to note of them.
const GATHER_MS = 300;

/** Notes in one statement what the queue took of a client's of late. When that fails, or the process ends first, a batch is enqueued twice. */
function noteTaken({ db, logger }: Pick<EnqueueDeps, 'db' | 'logger'>, batch: Taken): void {
  const clientId = currentClient();
  const ofClients = taken.get(db) ?? new Map<string | null, Taken[]>();
  taken.set(db, ofClients);
  const gathered = ofClients.get(clientId);
  if (gathered) return void gathered.push(batch);
  const batches = [batch];
  ofClients.set(clientId, batches);
  pause(GATHER_MS, undefined, { ref: false })
    .then(() => {
      ofClients.delete(clientId);
      return markEnqueued(db, batches);
    })
    .catch((error: Error) => logger.warn('enqueue_not_noted', { error }));
}
