/** Answers kept for 24 hours under the caller's Idempotency-Key. */
import type { Queryable } from './database.ts';

export type IdempotencyKey = { clientId: string; key: string };

/** Takes the key for this transaction; false while another transaction has it: that request is still in flight. */
export async function tryLockIdempotencyKey(tx: Queryable, { clientId, key }: IdempotencyKey): Promise<boolean> {
  const { rows } = await tx.query(/* sql */ `select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as locked`, [
    JSON.stringify(['idempotency', clientId, key]),
  ]);
  return rows[0].locked;
}

/** What was answered under the key within its 24 hours, or null. */
export async function findAnswer(
  tx: Queryable,
  { clientId, key }: IdempotencyKey,
): Promise<{ fingerprint: Buffer; answer: Buffer } | null> {
  const { rows } = await tx.query(
    /* sql */ `select fingerprint, answer from idempotency_keys where client_id = $1 and key = $2 and expires_at > now()`,
    [clientId, key],
  );
  return rows[0] ?? null;
}

/** Keeps an answer, in the transaction that made it true. One that has expired gives way. */
export async function keepAnswer(
  tx: Queryable,
  { clientId, key, fingerprint, answer }: IdempotencyKey & { fingerprint: Buffer; answer: Buffer },
): Promise<void> {
  await tx.query(
    /* sql */ `insert into idempotency_keys (client_id, key, fingerprint, answer) values ($1, $2, $3, $4)
               on conflict (client_id, key) do update
                  set fingerprint = excluded.fingerprint, answer = excluded.answer, created_at = now(),
                      expires_at = now() + interval '24 hours'
                where idempotency_keys.expires_at <= now()`,
    [clientId, key, fingerprint, answer],
  );
}

/** Deletes answers whose time is over; returns how many. */
export async function deleteExpiredAnswers(db: Queryable, limit: number): Promise<number> {
  const { rowCount } = await db.query(
    /* sql */ `delete from idempotency_keys where (client_id, key) in
                 (select client_id, key from idempotency_keys where expires_at <= now() limit $1)`,
    [limit],
  );
  return rowCount ?? 0;
}
