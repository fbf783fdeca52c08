/** `DELETE /checks/{reference}`: everything about the check goes now, whatever state it is in. */
import { deletionClaims } from '@livegate/contracts/receipts';
import type { EraseResponse } from '@livegate/contracts/records';
import { webhookBody } from '@livegate/contracts/webhook-event';
import { STATEMENTS } from '@livegate/crypto/verify-statement';
import type { Queryable } from '@livegate/db/database';
import { listDeletionReceipts } from '@livegate/db/deletion-receipts';
import { type ErasableCheck, eraseCheck, lockCheckByReference } from '@livegate/db/erase-check';
import { CodedError } from '@livegate/domain/errors';
import type { RequestHandler } from 'express';
import { checkKeyOf, type RecordDeps, unknownCheck } from './record-deps.ts';

export function eraseByReference(deps: RecordDeps): RequestHandler {
  return async (request, response) => {
    const key = checkKeyOf(request, response);
    await deps.db.transaction(async (tx) => {
      const check = await lockCheckByReference(tx, key);
      if (check) await erase(tx, deps, check);
    });
    const [first, ...rest] = await listDeletionReceipts(deps.db, key);
    // Neither is there nor was there ever.
    if (!first) throw unknownCheck();
    response.json({ reference: key.reference, receipts: [first, ...rest] } satisfies EraseResponse);
  };
}

async function erase(tx: Queryable, { frameStore, keyRing }: RecordDeps, check: ErasableCheck): Promise<void> {
  if (check.held) throw new CodedError('check_held', 'A legal hold keeps the check; it cannot be erased now.');
  await eraseCheck(tx, {
    check,
    cause: 'request',
    removeFrames: () => frameStore.removeAllBut(tx, check.id, []),
    buildBody: webhookBody,
    sign: (facts) => keyRing.signing.sign(STATEMENTS.deletion, deletionClaims(facts)),
  });
}
