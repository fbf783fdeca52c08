/** Deletes kept images whose time is over, and the key that could open any copy of them. */
import { dropDataKey, listChecksToPurge } from '@livegate/db/checks';
import type { SweepDeps } from '../sweep.ts';

export async function purgeImages({ db, frameStore }: SweepDeps): Promise<number> {
  const ids = await listChecksToPurge(db, 100);
  for (const id of ids) {
    await db.transaction(async (tx) => {
      await frameStore.removeAllBut(tx, id, []);
      await dropDataKey(tx, id);
    });
  }
  return ids.length;
}
