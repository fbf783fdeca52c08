/** Deletes records whose time is over: kept answers of repeated requests, digests by which frames are known again. */
import { forgetOldDigests } from '@livegate/db/frame-evidence';
import { deleteExpiredAnswers } from '@livegate/db/idempotency-keys';
import type { SweepDeps } from '../sweep.ts';

export async function purgeRecords({ db }: SweepDeps): Promise<number> {
  return (await deleteExpiredAnswers(db, 100)) + (await forgetOldDigests(db));
}
