/** Receipts of what was deleted. They outlive what they speak of. */
import type { Queryable } from './database.ts';

export type DeletionReceiptRow = { clientId: string; reference: string; jws: string };

/** Keeps a receipt, in the transaction that deletes. */
export async function insertDeletionReceipt(
  tx: Queryable,
  { clientId, reference, jws }: DeletionReceiptRow,
): Promise<void> {
  await tx.query(/* sql */ `insert into deletion_receipts (client_id, reference, jws) values ($1, $2, $3)`, [
    clientId,
    reference,
    jws,
  ]);
}

/** The receipts about one of the client's checks, oldest first. */
export async function listDeletionReceipts(
  db: Queryable,
  { clientId, reference }: Omit<DeletionReceiptRow, 'jws'>,
): Promise<string[]> {
  const { rows } = await db.query(
    /* sql */ `select jws from deletion_receipts where client_id = $1 and reference = $2 order by id`,
    [clientId, reference],
  );
  return rows.map((row) => row.jws as string);
}
