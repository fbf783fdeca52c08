/** What waits to be scored or ended, counted over partial indexes: cheap enough to ask every few seconds. Ages by the database's clock. */
import type { Queryable } from './database.ts';

export type Backlog = {
  batchesWaiting: number;
  oldestBatchSeconds: number;
  /** Age of the oldest batch that no queue has taken. */
  outboxLagSeconds: number;
  checksPending: number;
  checksInProgress: number;
  /** Checks whose images should have been gone a minute ago. */
  imagesOverdue: number;
};

/** One look at everything that waits. Batches of closed checks are nobody's duty. */
export async function measureBacklog(db: Queryable): Promise<Backlog> {
  const { rows } = await db.query(
    /* sql */ `with waiting as (
                 select batch.created_at, batch.enqueued_at
                   from frame_batches batch join checks on checks.id = batch.check_id
                  where batch.scored_at is null and batch.given_up_at is null and checks.state = 'in_progress'
               )
               select (select count(*)::int from waiting) as "batchesWaiting",
                      (select ${ageOf('min(created_at)')} from waiting) as "oldestBatchSeconds",
                      (select ${ageOf('min(created_at)')} from waiting where enqueued_at is null) as "outboxLagSeconds",
                      open_checks.pending as "checksPending", open_checks.in_progress as "checksInProgress",
                      (select count(*)::int from checks
                        where images_expire_at <= now() - interval '1 minute' and data_key is not null
                          and id not in (select check_id from legal_holds)) as "imagesOverdue"
                 from (select count(*) filter (where state = 'pending')::int as pending,
                              count(*) filter (where state = 'in_progress')::int as in_progress
                         from checks where state in ('pending', 'in_progress')) as open_checks`,
  );
  return rows[0];
}

function ageOf(since: string): string {
  return `coalesce(greatest(extract(epoch from now() - ${since}), 0), 0)::float8`;
}
