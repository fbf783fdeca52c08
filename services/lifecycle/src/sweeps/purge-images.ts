/** Deletes kept images whose time is over, each with its receipt, and with the last one the key to them. */
import { deletionClaims } from '@livegate/contracts/receipts';
import { STATEMENTS } from '@livegate/crypto/verify-statement';
import { dropDataKey } from '@livegate/db/checks';
import type { Queryable } from '@livegate/db/database';
import { databaseNow } from '@livegate/db/database-clock';
import { insertDeletionReceipt } from '@livegate/db/deletion-receipts';
import { type EndedImages, endImages, listChecksToPurge } from '@livegate/db/image-retention';
import { eachOnItsOwn } from '../each-on-its-own.ts';
import type { SweepDeps } from '../sweep.ts';

export async function purgeImages(deps: SweepDeps): Promise<number> {
  return eachOnItsOwn(await listChecksToPurge(deps.db, 100), deps.logger, (checkId) =>
    deps.db.transaction(async (tx) => {
      const images = await endImages(tx, checkId);
      if (!images) return;
      await deps.frameStore.removeAllBut(tx, checkId, images.remaining);
      if (images.remaining.length === 0) await dropDataKey(tx, checkId);
      if (images.ended.probe + images.ended.auditImages > 0) await leaveReceipt(tx, deps, images);
    }),
  );
}

async function leaveReceipt(tx: Queryable, { keyRing }: SweepDeps, images: EndedImages): Promise<void> {
  const { clientId, reference, sandbox, unrecoverableAt, ended } = images;
  const claims = deletionClaims({
    clientId,
    reference,
    cause: 'retention',
    deleted: { probe: ended.probe, audit_images: ended.auditImages },
    deletedAt: await databaseNow(tx),
    unrecoverableAt,
  });
  const jws = await keyRing.signing.sign(STATEMENTS.deletion, claims);
  await insertDeletionReceipt(tx, { clientId, reference, sandbox, jws });
}
