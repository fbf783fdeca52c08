/** Limits: rates of requests, checks per month, open checks. All by the database's clock, so that every api agrees. */
import type { ClientLimits, Rate } from '@livegate/domain/limits';
import type { Queryable } from './database.ts';

/**
 * Counts one request of `subject` against its rate (GCRA: a request is a debt that is paid at `perMinute`). Returns 0
 * when it may go on, else the seconds until the next one may; a refused request adds no debt.
 */
export async function takeRequest(db: Queryable, { subject, rate }: { subject: string; rate: Rate }): Promise<number> {
  const secondsEach = 60 / rate.perMinute;
  const { rows } = await db.query(
    /* sql */ `with taken as (
                 insert into request_rates as rate (subject, paid_at) values ($1, now() + make_interval(secs => $2))
                 on conflict (subject) do update
                    set paid_at = greatest(rate.paid_at, now()) + make_interval(secs => $2)
                  where rate.paid_at <= now() + make_interval(secs => $3)
                 returning 0::float8 as seconds
               )
               select coalesce(
                 (select seconds from taken),
                 (select extract(epoch from paid_at - now())::float8 - $3 from request_rates where subject = $1),
                 $2
               ) as seconds`,
    [subject, secondsEach, (rate.burst - 1) * secondsEach],
  );
  return rows[0].seconds;
}

/** Forgets subjects that owe nothing; returns how many. */
export async function deletePaidRates(db: Queryable, limit: number): Promise<number> {
  const { rowCount } = await db.query(
    /* sql */ `delete from request_rates where subject in (select subject from request_rates where paid_at <= now() limit $1)`,
    [limit],
  );
  return rowCount ?? 0;
}

export type Refusal = 'quota_exceeded' | 'too_many_open_checks';

/**
 * Counts a check that is about to be made in `tx` against the client's limits, or says which one refuses it. Checks of
 * one limited client are made one after the other from here to the end of the transaction; rolling back uncounts.
 */
export async function takeCheck(
  tx: Queryable,
  { clientId, limits }: { clientId: string; limits: ClientLimits },
): Promise<Refusal | null> {
  if (limits.openChecks === null && limits.checksPerMonth === null) return null;
  await tx.query(/* sql */ `select from clients where id = $1 for no key update`, [clientId]);
  if (limits.openChecks !== null && (await countOpenChecks(tx, clientId)) >= limits.openChecks) {
    return 'too_many_open_checks';
  }
  if (limits.checksPerMonth !== null && !(await countCheckOfMonth(tx, clientId, limits.checksPerMonth))) {
    return 'quota_exceeded';
  }
  return null;
}

async function countOpenChecks(tx: Queryable, clientId: string): Promise<number> {
  const { rows } = await tx.query(
    /* sql */ `select count(*)::int as open from checks
                where client_id = $1 and state in ('pending', 'in_progress') and not sandbox`,
    [clientId],
  );
  return rows[0].open;
}

async function countCheckOfMonth(tx: Queryable, clientId: string, quota: number): Promise<boolean> {
  const { rowCount } = await tx.query(
    /* sql */ `insert into monthly_checks (client_id, month, made)
               select $1, date_trunc('month', now() at time zone 'utc')::date, 1 where $2 > 0
               on conflict (client_id, month) do update set made = monthly_checks.made + 1 where monthly_checks.made < $2`,
    [clientId, quota],
  );
  return rowCount === 1;
}

/** Seconds until the calendar month ends, UTC: when a quota begins anew. */
export async function secondsToNextMonth(db: Queryable): Promise<number> {
  const { rows } = await db.query(
    /* sql */ `select ceil(extract(epoch from
                        (date_trunc('month', now() at time zone 'utc') + interval '1 month') at time zone 'utc' - now()))::int as seconds`,
  );
  return rows[0].seconds;
}

/** Sets the limits of a client; what is undefined stays, null lifts. False when there is no such client. */
export async function setLimits(
  db: Queryable,
  { clientId, ...limits }: { clientId: string } & { [Limit in keyof ClientLimits]: number | null | undefined },
): Promise<boolean> {
  const { rowCount } = await db.query(
    /* sql */ `update clients
                  set requests_per_minute = case when $2 then requests_per_minute else $3 end,
                      checks_per_month = case when $4 then checks_per_month else $5 end,
                      open_checks = case when $6 then open_checks else $7 end
                where id = $1`,
    [
      clientId,
      limits.requestsPerMinute === undefined,
      limits.requestsPerMinute ?? null,
      limits.checksPerMonth === undefined,
      limits.checksPerMonth ?? null,
      limits.openChecks === undefined,
      limits.openChecks ?? null,
    ],
  );
  return rowCount === 1;
}

export type ListedLimits = ClientLimits & { client: string; name: string; madeThisMonth: number; openNow: number };

/** The limits of a client and how much of them is used, or null. Checks of the month are counted once there is a quota. */
export async function findLimits(db: Queryable, clientId: string): Promise<ListedLimits | null> {
  const { rows } = await db.query(
    /* sql */ `select client.id as client, client.name,
                      requests_per_minute as "requestsPerMinute", checks_per_month as "checksPerMonth", open_checks as "openChecks",
                      coalesce(monthly.made, 0) as "madeThisMonth",
                      (select count(*)::int from checks
                        where checks.client_id = client.id and state in ('pending', 'in_progress') and not sandbox) as "openNow"
                 from clients client
                 left join monthly_checks monthly
                        on monthly.client_id = client.id and monthly.month = date_trunc('month', now() at time zone 'utc')::date
                where client.id = $1`,
    [clientId],
  );
  return rows[0] ?? null;
}
