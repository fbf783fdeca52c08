/** Destroys the keys of the epochs that have ended: from then on no copy of their images can be opened, wherever it is. */
import { databaseNow } from '@livegate/db/database-clock';
import type { SweepDeps } from '../sweep.ts';

export async function destroyEpochKeys({ db, keyRing }: SweepDeps): Promise<number> {
  return keyRing.epochs.destroyEnded(await databaseNow(db));
}
