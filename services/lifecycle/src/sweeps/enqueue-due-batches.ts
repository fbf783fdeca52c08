/**
 * Enqueues every batch that is due and not scored: what the committer could not enqueue, what the queue lost, what a dead
 * worker held. Relay and reconciler in one.
 */
import { giveUpHopelessBatches, markEnqueued, takeDueBatches } from '@livegate/db/frame-batches';
import { batchesReenqueued } from '@livegate/telemetry/events';
import { withTraceparent } from '@livegate/telemetry/trace-context';
import type { SweepDeps } from '../sweep.ts';

export async function enqueueDueBatches({ db, producer }: SweepDeps): Promise<number> {
  await giveUpHopelessBatches(db);
  const hints = await takeDueBatches(db, 100);
  // What goes to the front goes there last one first, so that the oldest ends up foremost.
  const inOrder = [...hints.filter(({ overdue }) => !overdue), ...hints.filter(({ overdue }) => overdue).reverse()];
  for (const { batchId, generation, traceparent, overdue } of inOrder) {
    await withTraceparent(traceparent, () =>
      producer.enqueue('inference', { batchId, generation }, { front: overdue }),
    );
    await markEnqueued(db, [{ batchId, generation }]);
  }
  if (hints.length > 0) batchesReenqueued(hints.length);
  return hints.length;
}
