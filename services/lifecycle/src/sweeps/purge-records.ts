/** Deletes records whose time is over: kept answers of repeated requests. */
import { deleteExpiredAnswers } from '@livegate/db/idempotency-keys';
import type { SweepDeps } from '../sweep.ts';

export async function purgeRecords({ db }: SweepDeps): Promise<number> {
  return deleteExpiredAnswers(db, 100);
}
