/** Records that end before their check does: the frames' scores, and the log of deliveries. */
import type { Queryable } from './database.ts';
import { listHeld } from './legal-holds.ts';

export type PurgedRecords = { checkId: string; clientId: string; reference: string; sandbox: boolean; rows: number };

/**
 * Deletes the scores of checks that ended longer ago than they are kept, and whose images are gone: a kept image's frame says
 * where the face in it is. One transaction of the caller's.
 */
export async function purgeScores(tx: Queryable, limit: number): Promise<PurgedRecords[]> {
  const { rows: due } = await tx.query(
    /* sql */ `select id as "checkId" from checks
                where scores_purged_at is null
                  and id in (
                      select due.id
                        from clients
                       cross join lateral (select now() - retention(clients.id, 'scores') as before offset 0) as kept
                       cross join lateral (
                             select id, finished_at from checks
                              where client_id = clients.id and scores_purged_at is null and finished_at <= kept.before
                                and not exists (select from legal_holds where check_id = checks.id)
                                and not exists (select from frames where check_id = checks.id and image_expires_at is not null)
                              order by finished_at limit $1) as due
                       order by due.finished_at limit $1)
                order by finished_at for update skip locked`,
    [limit],
  );
  const ids = (await withoutHeld(tx, due)).map(({ checkId }) => checkId);
  const { rows } = await tx.query(
    /* sql */ `with gone as (
                 delete from frames where check_id = any($1) returning check_id
               )
               update checks set scores_purged_at = now(), bounding_box = null where id = any($1)
               returning id as "checkId", client_id as "clientId", reference, sandbox,
                         (select count(*)::int from gone where check_id = id) as rows`,
    [ids],
  );
  await tx.query(/* sql */ `delete from frame_batches where check_id = any($1)`, [ids]);
  return rows;
}

/** Deletes finished deliveries, with their attempts, of checks that ended longer ago than the log is kept. */
export async function purgeDeliveryLog(tx: Queryable, limit: number): Promise<PurgedRecords[]> {
  const { rows: due } = await tx.query(
    /* sql */ `select delivery.id, delivery.check_id as "checkId" from deliveries delivery
                 join checks on checks.id = delivery.check_id
                where delivery.next_attempt_at is null
                  and delivery.id in (
                      select due.id
                        from clients
                       cross join lateral (select now() - retention(clients.id, 'delivery_log') as before offset 0) as kept
                       cross join lateral (
                             select id, created_at from deliveries
                              -- Said as a range, and sorted by, so that no plan takes the index of all clients' creations for it.
                              where client_id between clients.id and clients.id and next_attempt_at is null and created_at <= kept.before
                                and coalesce(delivered_at, dead_at) <= kept.before
                                and not exists (select from legal_holds where legal_holds.check_id = deliveries.check_id)
                              order by client_id, created_at limit $1) as due
                       order by due.created_at limit $1)
                for update of delivery, checks skip locked`,
    [limit],
  );
  const ids = (await withoutHeld(tx, due)).map(({ id }) => id);
  await tx.query(/* sql */ `delete from delivery_attempts where delivery_id = any($1)`, [ids]);
  const { rows } = await tx.query(
    /* sql */ `with gone as (delete from deliveries where id = any($1) returning check_id)
               select checks.id as "checkId", checks.client_id as "clientId", checks.reference, checks.sandbox, count(*)::int as rows
                 from gone join checks on checks.id = gone.check_id group by checks.id`,
    [ids],
  );
  return rows;
}

/** Of rows whose checks are locked, those that no hold keeps that was placed a moment before. */
async function withoutHeld<T extends { checkId: string }>(tx: Queryable, due: readonly T[]): Promise<T[]> {
  const held = await listHeld(tx, [...new Set(due.map(({ checkId }) => checkId))]);
  return due.filter(({ checkId }) => !held.has(checkId));
}
