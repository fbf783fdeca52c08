/**
 * Deletes records whose time is over: kept answers of repeated requests, what receivers answered, secrets that no replay
 * and no rotation needs any more, what breakers no longer look at, rates that nobody owes on, digests by which frames are
 * known again, failures that can lock nobody any more, whom finished erasures were about.
 */
import { deleteOldBreakerRows } from '@livegate/db/breakers';
import type { Queryable } from '@livegate/db/database';
import { expungeResponses } from '@livegate/db/delivery-attempts';
import { deleteExpiredEndpointSecrets } from '@livegate/db/endpoints';
import { deleteOldFailures } from '@livegate/db/failures';
import { forgetOldDigests } from '@livegate/db/frame-evidence';
import { deleteExpiredAnswers } from '@livegate/db/idempotency-keys';
import { deletePaidRates } from '@livegate/db/limits';
import { deleteOldErasures } from '@livegate/db/persons';
import { forgetOldWebhookSecrets } from '@livegate/db/replays';
import { REPLAY_WINDOW_DAYS } from '@livegate/domain/retention';
import type { SweepDeps } from '../sweep.ts';

const MOST_AT_ONCE = 100;

const PURGES: readonly ((db: Queryable) => Promise<number>)[] = [
  (db) => deleteExpiredAnswers(db, MOST_AT_ONCE),
  (db) => expungeResponses(db, { days: REPLAY_WINDOW_DAYS, limit: MOST_AT_ONCE }),
  (db) => forgetOldWebhookSecrets(db, MOST_AT_ONCE),
  deleteExpiredEndpointSecrets,
  (db) => deleteOldBreakerRows(db, MOST_AT_ONCE),
  (db) => deletePaidRates(db, MOST_AT_ONCE),
  (db) => forgetOldDigests(db, MOST_AT_ONCE),
  (db) => deleteOldFailures(db, MOST_AT_ONCE),
  (db) => deleteOldErasures(db, MOST_AT_ONCE),
];

/**
 * Returns the most that one kind had: a full round of one of them is followed by another at once. One kind that cannot be
 * purged keeps no other; the first failure is thrown when all had their turn.
 */
export async function purgeRecords({ db }: SweepDeps): Promise<number> {
  const failures: unknown[] = [];
  let most = 0;
  for (const purge of PURGES) {
    try {
      most = Math.max(most, await purge(db));
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return most;
}
