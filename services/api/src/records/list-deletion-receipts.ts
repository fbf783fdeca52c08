/** `GET /checks/{reference}/deletion_receipts`: what was deleted of a check, and when, also after it is gone itself. */
import type { DeletionReceiptsResponse } from '@livegate/contracts/records';
import { listDeletionReceipts } from '@livegate/db/deletion-receipts';
import { exportCheck } from '@livegate/db/export-check';
import type { RequestHandler } from 'express';
import { checkKeyOf, type RecordDeps, unknownCheck } from './record-deps.ts';

export function listReceiptsOfDeletion({ db }: RecordDeps): RequestHandler {
  return async (request, response) => {
    const key = checkKeyOf(request, response);
    const receipts = await listDeletionReceipts(db, key);
    if (receipts.length === 0 && !(await exportCheck(db, key))) throw unknownCheck();
    response.json({ reference: key.reference, receipts } satisfies DeletionReceiptsResponse);
  };
}
