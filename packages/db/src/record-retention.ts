/** Records that end before their check does: the frames' scores, and the log of deliveries. */
import type { Queryable } from './database.ts';

export type PurgedRecords = { checkId: string; clientId: string; reference: string; rows: number };

/** Deletes the scores of checks that ended longer ago than they are kept. One transaction of the caller's. */
export async function purgeScores(tx: Queryable, limit: number): Promise<PurgedRecords[]> {
  const { rows } = await tx.query(
    /* sql */ `with due as (
                 select id, client_id, reference from checks
                  where finished_at is not null and scores_purged_at is null
                    and finished_at <= now() - shortest_retention('scores')
                    and finished_at <= now() - retention(client_id, 'scores')
                    and id not in (select check_id from legal_holds)
                  order by finished_at limit $1 for update skip locked
               ), gone as (
                 delete from frames using due where check_id = due.id and image_expires_at is null returning check_id
               ), marked as (
                 update checks set scores_purged_at = now(), bounding_box = null from due where checks.id = due.id
               )
               select due.id as "checkId", due.client_id as "clientId", due.reference,
                      (select count(*)::int from gone where check_id = due.id) as rows from due`,
    [limit],
  );
  for (const { checkId } of rows) await tx.query(/* sql */ `delete from frame_batches where check_id = $1`, [checkId]);
  return rows;
}

/** Deletes finished deliveries, with their attempts, of checks that ended longer ago than the log is kept. */
export async function purgeDeliveryLog(tx: Queryable, limit: number): Promise<PurgedRecords[]> {
  const { rows } = await tx.query(
    /* sql */ `with due as (
                 select delivery.id, delivery.check_id from deliveries delivery
                   join checks on checks.id = delivery.check_id
                  where delivery.next_attempt_at is null
                    and delivery.created_at <= now() - shortest_retention('delivery_log')
                    and coalesce(delivery.delivered_at, delivery.dead_at) <= now() - retention(checks.client_id, 'delivery_log')
                    and checks.id not in (select check_id from legal_holds)
                  limit $1 for update of delivery skip locked
               ), attempts as (
                 delete from delivery_attempts using due where delivery_id = due.id
               )
               select id, check_id from due`,
    [limit],
  );
  if (rows.length === 0) return [];
  const { rows: gone } = await tx.query(
    /* sql */ `with gone as (delete from deliveries where id = any($1) returning check_id)
               select checks.id as "checkId", checks.client_id as "clientId", checks.reference, count(*)::int as rows
                 from gone join checks on checks.id = gone.check_id group by checks.id`,
    [rows.map((row) => row.id)],
  );
  return gone;
}
