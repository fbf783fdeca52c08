/** Deletes records whose time is over: kept answers of repeated requests, and rates that nobody owes on. */
import { deleteExpiredAnswers } from '@livegate/db/idempotency-keys';
import { deletePaidRates } from '@livegate/db/limits';
import type { SweepDeps } from '../sweep.ts';

export async function purgeRecords({ db }: SweepDeps): Promise<number> {
  return Math.max(await deleteExpiredAnswers(db, 100), await deletePaidRates(db, 1_000));
}
