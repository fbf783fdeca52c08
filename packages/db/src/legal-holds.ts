/** Legal holds: while one is on, nothing of the check is deleted. */
import type { Queryable } from './database.ts';

export type HeldCheck = {
  clientId: string;
  reference: string;
  dataKey: Buffer | null;
  imagesExpireAt: Date | null;
  imagesReadable: boolean;
};

// Spells HOLD.
const LOCK_KEY = 0x484f4c44;

/** Places a hold on a check that has ended; null when there is none, it is open, or it is held already. */
export async function placeHold(
  tx: Queryable,
  { checkId, reason }: { checkId: string; reason: string },
): Promise<HeldCheck | null> {
  // From before its key is made until the commit: whoever looks which keys are in use waits for it.
  await tx.query('select pg_advisory_xact_lock_shared($1)', [LOCK_KEY]);
  const check = await lockEnded(tx, checkId);
  if (!check) return null;
  const { rowCount } = await tx.query(
    /* sql */ `insert into legal_holds (check_id, reason) values ($1, $2) on conflict do nothing`,
    [checkId, reason],
  );
  return rowCount === 1 ? check : null;
}

/** Lifts a hold; null when there is none. */
export async function liftHold(tx: Queryable, checkId: string): Promise<HeldCheck | null> {
  const check = await lockEnded(tx, checkId);
  const { rowCount } = await tx.query(/* sql */ `delete from legal_holds where check_id = $1`, [checkId]);
  return rowCount === 1 ? check : null;
}

/**
 * Those of these checks that a hold keeps. Asked when their rows are locked, in a statement of its own: who places a hold locks
 * the row as well, and one that waited for that lock was asked before the hold was there.
 */
export async function listHeld(tx: Queryable, checkIds: readonly string[]): Promise<Set<string>> {
  const { rows } = await tx.query(/* sql */ `select check_id as id from legal_holds where check_id = any($1)`, [
    checkIds,
  ]);
  return new Set(rows.map((row) => row.id as string));
}

/** Replaces the wrapped data key of a check. */
export async function setDataKey(tx: Queryable, { checkId, dataKey }: { checkId: string; dataKey: Buffer | null }) {
  await tx.query(/* sql */ `update checks set data_key = $2 where id = $1`, [checkId, dataKey]);
}

/** The wrapped data keys of all checks under a hold, with those that are being placed: it waits until they are. */
export async function listHeldDataKeys(tx: Queryable): Promise<Buffer[]> {
  await tx.query('select pg_advisory_xact_lock($1)', [LOCK_KEY]);
  const { rows } = await tx.query(
    /* sql */ `select data_key as key from legal_holds join checks on checks.id = check_id where data_key is not null`,
  );
  return rows.map((row) => row.key as Buffer);
}

export type ListedHold = { check: string; client: string; reference: string; reason: string; placed: string };

/** All holds, oldest first. */
export async function listHolds(db: Queryable): Promise<ListedHold[]> {
  const { rows } = await db.query(
    /* sql */ `select check_id as check, client_id as client, reference, reason, placed_at::text as placed
                 from legal_holds join checks on checks.id = check_id order by placed_at`,
  );
  return rows;
}

async function lockEnded(tx: Queryable, checkId: string): Promise<HeldCheck | null> {
  const { rows } = await tx.query(
    /* sql */ `select client_id as "clientId", reference, data_key as "dataKey", images_expire_at as "imagesExpireAt",
                      coalesce(images_expire_at > now(), false) as "imagesReadable"
                 from checks where id = $1 and finished_at is not null for update`,
    [checkId],
  );
  return rows[0] ?? null;
}
