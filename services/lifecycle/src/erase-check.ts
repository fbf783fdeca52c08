/** Erases one check, in one transaction. */
import { deletionClaims } from '@livegate/contracts/receipts';
import { webhookBody } from '@livegate/contracts/webhook-event';
import { STATEMENTS } from '@livegate/crypto/verify-statement';
import { type DeletionCause, eraseCheck, lockCheckToErase } from '@livegate/db/erase-check';
import type { SweepDeps } from './sweep.ts';

/** False when the check is gone, held, or in another transaction's hands. */
export async function eraseOne(
  { db, frameStore, keyRing }: SweepDeps,
  { checkId, cause }: { checkId: string; cause: DeletionCause },
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const check = await lockCheckToErase(tx, checkId);
    if (!check || check.held) return false;
    await eraseCheck(tx, {
      check,
      cause,
      removeFrames: () => frameStore.removeAllBut(tx, checkId, []),
      buildBody: webhookBody,
      sign: (facts) => keyRing.signing.sign(STATEMENTS.deletion, deletionClaims(facts)),
    });
    return true;
  });
}
