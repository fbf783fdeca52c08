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

/** The checks of whom an erasure is about that were there when it was asked for. */
const ITS_CHECKS = /* sql */ `checks.client_id = erasures.client_id and checks.person_digest = erasures.person_digest
                              and checks.created_at <= erasures.requested_at`;
const IS_HELD = /* sql */ `checks.id in (select check_id from legal_holds)`;

/**
 * Asks for every check of this person to be erased that exists now. Where one is under way already, it is that one, asked for
 * now: who asks again must not make the queue longer.
 */
export async function requestErasure(
  db: Queryable,
  { clientId, personDigest }: { clientId: string; personDigest: Buffer },
): Promise<Erasure> {
  const { rows: underWay } = await db.query(
    /* sql */ `update erasures set requested_at = now()
                where client_id = $1 and person_digest = $2 and finished_at is null returning ${COLUMNS}`,
    [clientId, personDigest],
  );
  if (underWay[0]) return underWay[0];
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

/** Erasures that something can be done for now, not tried for the longest first: those whose last checks are held wait. */
export async function listErasuresToAdvance(db: Queryable, limit: number): Promise<string[]> {
  const { rows } = await db.query(
    /* sql */ `select id from erasures
                where finished_at is null
                  and (exists (select from checks where ${ITS_CHECKS} and not ${IS_HELD})
                       or not exists (select from checks where ${ITS_CHECKS}))
                order by tried_at nulls first, requested_at limit $1`,
    [limit],
  );
  return rows.map((row) => row.id as string);
}

/** The checks that an erasure has yet to erase; those under a legal hold are left, and with them the erasure is open. */
export async function listChecksOfErasure(db: Queryable, id: string, limit: number): Promise<string[]> {
  const { rows } = await db.query(
    /* sql */ `select checks.id from erasures
                 join checks on ${ITS_CHECKS}
                where erasures.id = $1 and not ${IS_HELD} limit $2`,
    [id, limit],
  );
  return rows.map((row) => row.id as string);
}

/** Counts erased checks, and finishes the erasure when none of the person's is left. One transaction of the caller's. */
export async function advanceErasure(tx: Queryable, { id, erased }: { id: string; erased: number }): Promise<void> {
  await tx.query(
    /* sql */ `update erasures set erased = erased + $2, tried_at = clock_timestamp() where id = $1 and finished_at is null`,
    [id, erased],
  );
  // Its row is locked by now: who asks again either is seen here, or begins another.
  await tx.query(
    /* sql */ `update erasures set finished_at = now()
                where id = $1 and finished_at is null and not exists (select from checks where ${ITS_CHECKS})`,
    [id],
  );
}

/** Forgets whom erasures were about that finished longer ago than they are kept. */
export async function deleteOldErasures(db: Queryable, limit: number): Promise<number> {
  const { rowCount } = await db.query(
    /* sql */ `delete from erasures
                where id in (select id from erasures
                              where finished_at <= now() - shortest_retention('erasures')
                                and finished_at <= now() - retention(client_id, 'erasures')
                              order by finished_at limit $1)`,
    [limit],
  );
  return rowCount ?? 0;
}
