/** Measures what waits to be scored, in Postgres and in the queue, for dashboards, alerts and autoscalers. */
import { measureBacklog } from '@livegate/db/backlog';
import { backlogMeasured, queueMeasured } from '@livegate/telemetry/events';
import type { SweepDeps } from '../sweep.ts';

export async function reportBacklog({ db, producer, logger }: SweepDeps): Promise<number> {
  backlogMeasured(await measureBacklog(db));
  try {
    queueMeasured(await producer.count('inference'));
  } catch (error) {
    // A queue that is away is what the outbox's lag and the workers' canaries are about.
    logger.warn('queue_not_measured', { error: error as Error });
  }
  return 0;
}
