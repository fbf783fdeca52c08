/** Failed checks by whom they count against, and who has to wait because of them. All by the database's clock. */
import { FAILURE_MEMORY_SECONDS, type FailureLock } from '@livegate/domain/failure-lock';
import type { Queryable } from './database.ts';

/** Counts the check that is about to fail against its person and its device, if it has any; those of the sandbox do not count. */
export async function countFailure(tx: Queryable, checkId: string): Promise<void> {
  await tx.query(
    /* sql */ `insert into failures (check_id, client_id, subject)
               select id, client_id, subject from checks, unnest(array[person_digest, device_digest]) as subject
                where id = $1 and subject is not null and finished_at is null and not sandbox
               on conflict do nothing`,
    [checkId],
  );
}

type Question = {
  clientId: string;
  /** Keyed hashes of a person, a device, or both. */
  subjects: readonly Buffer[];
  /** What holds for a client that has not said otherwise. */
  usual: FailureLock;
};

/**
 * Seconds for which one of the subjects has to wait; 0 when they may go on. Who asks for the same subject waits for this
 * transaction: what is being judged counts as if it failed, so that many tries at once are no way around the lock.
 */
export async function secondsLocked(tx: Queryable, { clientId, subjects, usual }: Question): Promise<number> {
  for (const subject of [...subjects].sort(Buffer.compare)) {
    await tx.query(/* sql */ `select pg_advisory_xact_lock(hashtextextended('failures ' || encode($1, 'hex'), 0))`, [
      subject,
    ]);
  }
  const { rows } = await tx.query(
    /* sql */ `with lock as (
                 select coalesce(lock_failures, $3) as failures,
                        make_interval(secs => coalesce(lock_window_seconds, $4)) as span,
                        make_interval(secs => coalesce(lock_seconds, $5)) as rest
                   from clients where id = $1 and coalesce(lock_failures, $3) > 0
               ), recent as (
                 select subject, at, lag(at, lock.failures - 1) over (partition by subject order by at, check_id) as first
                   from lock, failures where subject = any($2) and at > now() - span - rest
               ), locked as (
                 select max(at) + rest - now() as remaining from recent, lock
                  where at - first <= span and at + rest > now() group by rest
               ), judged as (
                 select count(*) as tries from checks
                  where client_id = $1 and person_digest = any($2) and submitted_at is not null and finished_at is null
               ), failed as (
                 select coalesce(max(tries), 0) as tries
                   from (select count(*) as tries from recent, lock where at > now() - span group by subject) each_one
               )
               select coalesce(
                 (select extract(epoch from remaining)::float8 from locked),
                 -- A verdict takes a second or two.
                 (select 2 from lock, judged, failed where judged.tries > 0 and judged.tries + failed.tries >= lock.failures),
                 0)::float8 as seconds`,
    [clientId, subjects, usual.failures, usual.windowSeconds, usual.lockSeconds],
  );
  return rows[0].seconds;
}

/** Forgets failures that can lock nobody any more; returns how many. */
export async function deleteOldFailures(db: Queryable, limit: number): Promise<number> {
  const { rowCount } = await db.query(
    /* sql */ `delete from failures where (check_id, subject) in
                 (select check_id, subject from failures where at < now() - make_interval(secs => $2) limit $1)`,
    [limit, FAILURE_MEMORY_SECONDS],
  );
  return rowCount ?? 0;
}
