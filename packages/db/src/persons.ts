/** Whom a check is about, as far as we know it: a keyed hash of what the client calls the person. */
import { newId } from '@livegate/domain/ids';
import type { Queryable } from './database.ts';

/** Notes the person, in the transaction that makes the check. */
export async function setPerson(
  tx: Queryable,
  { checkId, personDigest }: { checkId: string; personDigest: Buffer },
): Promise<void> {
  await tx.query(/* sql */ `update checks set person_digest = $2 where id = $1`, [checkId, personDigest]);
}

export type Erasure = { id: string; clientId: string; erased: number; requestedAt: Date; finishedAt: Date | null };

const COLUMNS = /* sql */ `id, client_id as "clientId", erased, requested_at as "requestedAt", finished_at as "finishedAt"`;

/** Asks for every check of this person to be erased that exists now. */
export async function insertErasure(
  db: Queryable,
  { clientId, personDigest }: { clientId: string; personDigest: Buffer },
): Promise<Erasure> {
  const { rows } = await db.query(
    /* sql */ `insert into erasures (id, client_id, person_digest) values ($1, $2, $3) returning ${COLUMNS}`,
    [newId('erasure'), clientId, personDigest],
  );
  return rows[0];
}

/** The client's erasure, or null. */
export async function findErasure(
  db: Queryable,
  { clientId, id }: { clientId: string; id: string },
): Promise<Erasure | null> {
  const { rows } = await db.query(/* sql */ `select ${COLUMNS} from erasures where id = $1 and client_id = $2`, [
    id,
    clientId,
  ]);
  return rows[0] ?? null;
}

/** Erasures that are not finished, oldest first. */
export async function listOpenErasures(db: Queryable, limit: number): Promise<string[]> {
  const { rows } = await db.query(
    /* sql */ `select id from erasures where finished_at is null order by requested_at limit $1`,
    [limit],
  );
  return rows.map((row) => row.id as string);
}

/** The checks that an erasure has yet to erase; those under a legal hold are left, and with them the erasure is open. */
export async function listChecksOfErasure(db: Queryable, id: string, limit: number): Promise<string[]> {
  const { rows } = await db.query(
    /* sql */ `select checks.id from erasures
                 join checks on checks.client_id = erasures.client_id and checks.person_digest = erasures.person_digest
                            and checks.created_at <= erasures.requested_at
                where erasures.id = $1 and checks.id not in (select check_id from legal_holds) limit $2`,
    [id, limit],
  );
  return rows.map((row) => row.id as string);
}

/** Counts erased checks, and finishes the erasure when none of the person's is left. */
export async function advanceErasure(db: Queryable, { id, erased }: { id: string; erased: number }): Promise<void> {
  await db.query(
    /* sql */ `update erasures
                  set erased = erased + $2,
                      finished_at = case when not exists (
                        select from checks where checks.client_id = erasures.client_id
                           and checks.person_digest = erasures.person_digest and checks.created_at <= erasures.requested_at)
                        then now() end
                where id = $1 and finished_at is null`,
    [id, erased],
  );
}
