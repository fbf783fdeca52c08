/** Measures what waits to be delivered, and which receivers rest: a dispatcher that is gone cannot say so itself. */
import { measureDeliveryBacklog } from '@livegate/db/deliveries';
import { deliveryBacklogMeasured } from '@livegate/telemetry/events';
import type { SweepDeps } from '../sweep.ts';

export async function reportDeliveries({ db }: SweepDeps): Promise<number> {
  deliveryBacklogMeasured(await measureDeliveryBacklog(db));
  return 0;
}
