/** Deletes kept images whose time is over, and the key that could open any copy of them. */
import { dropDataKey, listChecksToPurge } from '@livegate/db/checks';
import { eachOnItsOwn } from '../each-on-its-own.ts';
import type { SweepDeps } from '../sweep.ts';

export async function purgeImages({ db, frameStore, logger }: SweepDeps): Promise<number> {
  return eachOnItsOwn(await listChecksToPurge(db, 100), logger, (id) =>
    db.transaction(async (tx) => {
      await frameStore.removeAllBut(tx, id, []);
      await dropDataKey(tx, id);
    }),
  );
}
