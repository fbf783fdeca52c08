/** Measures what waits, in Postgres and in the queue, for dashboards, alerts and autoscalers. */
import { measureBacklog } from '@livegate/db/backlog';
import { backlogMeasured, canaryMeasured, queueMeasured } from '@livegate/telemetry/events';
import type { SweepDeps } from '../sweep.ts';

export async function reportBacklog({ db, producer, canary, logger }: SweepDeps): Promise<number> {
  backlogMeasured(await measureBacklog(db));
  try {
    await canary.beat();
    queueMeasured(await producer.count('inference'));
  } catch (error) {
    // A queue that is away is what the canary's age is about.
    logger.warn('queue_not_measured', { error: error as Error });
  }
  canaryMeasured({ ageSeconds: canary.ageSeconds() });
  return 0;
}
