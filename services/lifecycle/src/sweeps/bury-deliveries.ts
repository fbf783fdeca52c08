/** Gives deliveries up whose time is over although attempts are left: their receiver's breaker never closed. */
import { buryOverdueDeliveries } from '@livegate/db/deliveries';
import type { SweepDeps } from '../sweep.ts';

export async function buryDeliveries({ db }: SweepDeps): Promise<number> {
  return buryOverdueDeliveries(db, 100);
}
