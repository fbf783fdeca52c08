/** Receipts of what was deleted. They outlive what they speak of. */
import type { Queryable } from './database.ts';

export type DeletionReceiptRow = {
  clientId: string;
  reference: string;
  /** Of a check that a test key made: live keys know nothing of it, and the other way round. */
  sandbox: boolean;
  jws: string;
};

/** Keeps a receipt, in the transaction that deletes. */
export async function insertDeletionReceipt(
  tx: Queryable,
  { clientId, reference, sandbox, jws }: DeletionReceiptRow,
): Promise<void> {
  await tx.query(
    /* sql */ `insert into deletion_receipts (client_id, reference, sandbox, jws) values ($1, $2, $3, $4)`,
    [clientId, reference, sandbox, jws],
  );
}

/** The receipts about one of the client's checks, oldest first. */
export async function listDeletionReceipts(
  db: Queryable,
  { clientId, reference, sandbox }: Omit<DeletionReceiptRow, 'jws'>,
): Promise<string[]> {
  const { rows } = await db.query(
    /* sql */ `select jws from deletion_receipts where client_id = $1 and reference = $2 and sandbox = $3 order by id`,
    [clientId, reference, sandbox],
  );
  return rows.map((row) => row.jws as string);
}
