/** Deletes frames' scores, and the log of deliveries, of checks that ended longer ago than they are kept. */
import { deletionClaims } from '@livegate/contracts/receipts';
import { STATEMENTS } from '@livegate/crypto/verify-statement';
import type { Queryable } from '@livegate/db/database';
import { databaseNow } from '@livegate/db/database-clock';
import { insertDeletionReceipt } from '@livegate/db/deletion-receipts';
import { type PurgedRecords, purgeDeliveryLog, purgeScores } from '@livegate/db/record-retention';
import type { SweepDeps } from '../sweep.ts';

const MOST_AT_ONCE = 100;

export function purgeOldScores(deps: SweepDeps): Promise<number> {
  return purge(deps, { artefact: 'scores', run: purgeScores });
}

export function purgeOldDeliveries(deps: SweepDeps): Promise<number> {
  return purge(deps, { artefact: 'deliveries', run: purgeDeliveryLog });
}

type Purge = { artefact: string; run: (tx: Queryable, limit: number) => Promise<PurgedRecords[]> };

async function purge({ db, keyRing }: SweepDeps, { artefact, run }: Purge): Promise<number> {
  return db.transaction(async (tx) => {
    const purged = await run(tx, MOST_AT_ONCE);
    const deletedAt = await databaseNow(tx);
    for (const { clientId, reference, sandbox, rows } of purged) {
      const facts = { clientId, reference, cause: 'retention', deletedAt, unrecoverableAt: null } as const;
      const claims = deletionClaims({ ...facts, deleted: { [artefact]: rows } });
      const jws = await keyRing.signing.sign(STATEMENTS.deletion, claims);
      await insertDeletionReceipt(tx, { clientId, reference, sandbox, jws });
    }
    return purged.length;
  });
}
