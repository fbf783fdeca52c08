/**
 * Destroys the keys of the epochs that have ended, and of holds that are no more: from then on no copy of their images can be
 * opened, wherever it is.
 */
import { databaseNow } from '@livegate/db/database-clock';
import { listHeldDataKeys } from '@livegate/db/legal-holds';
import type { SweepDeps } from '../sweep.ts';

export async function destroyEpochKeys({ db, keyRing, logger }: SweepDeps): Promise<number> {
  const ended = await keyRing.epochs.destroyEnded(await databaseNow(db));
  const unused = await keyRing.epochs.releaseUnused(() => db.transaction(listHeldDataKeys));
  if (unused.length > 0) logger.warn('hold_keys_destroyed', { keys: unused });
  return ended + unused.length;
}
