/**
 * Deletes records whose time is over: kept answers of repeated requests, what receivers answered, secrets that no replay
 * and no rotation needs any more, what breakers no longer look at, rates that nobody owes on, digests by which frames are
 * known again, failures that can lock nobody any more.
 */
import { deleteOldBreakerRows } from '@livegate/db/breakers';
import { expungeResponses } from '@livegate/db/delivery-attempts';
import { deleteExpiredEndpointSecrets } from '@livegate/db/endpoints';
import { deleteOldFailures } from '@livegate/db/failures';
import { forgetOldDigests } from '@livegate/db/frame-evidence';
import { deleteExpiredAnswers } from '@livegate/db/idempotency-keys';
import { deletePaidRates } from '@livegate/db/limits';
import { forgetOldWebhookSecrets } from '@livegate/db/replays';
import { REPLAY_WINDOW_DAYS } from '@livegate/domain/retention';
import type { SweepDeps } from '../sweep.ts';

const MOST_AT_ONCE = 100;

/** Returns the most that one kind had: a full round of one of them is followed by another at once. */
export async function purgeRecords({ db }: SweepDeps): Promise<number> {
  return Math.max(
    await deleteExpiredAnswers(db, MOST_AT_ONCE),
    await expungeResponses(db, { days: REPLAY_WINDOW_DAYS, limit: MOST_AT_ONCE }),
    await forgetOldWebhookSecrets(db, MOST_AT_ONCE),
    await deleteExpiredEndpointSecrets(db),
    await deleteOldBreakerRows(db, MOST_AT_ONCE),
    await deletePaidRates(db, MOST_AT_ONCE),
    await forgetOldDigests(db, MOST_AT_ONCE),
    await deleteOldFailures(db, MOST_AT_ONCE),
  );
}
