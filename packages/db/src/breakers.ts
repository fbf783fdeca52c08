/** The breaker of each lane (one client's calls to one origin): its window of calls, and whether it is open. */
import { BREAKER } from '@livegate/domain/delivery-limits';
import type { Queryable } from './database.ts';

type Call = { clientId: string; origin: string; health: 'up' | 'down' | 'none'; probe: boolean };

export type BreakerChange = {
  clientId: string;
  origin: string;
  state: 'open' | 'closed';
  /** How often it has opened without closing in between. */
  trips: number;
};

/** Moves the breakers that these calls, counted already, concern; returns those that opened (again) or closed. */
export async function settleBreakers(tx: Queryable, calls: readonly Call[]): Promise<BreakerChange[]> {
  if (calls.length === 0) return [];
  const probes = calls.filter((call) => call.probe);
  const failed = calls.filter((call) => call.health === 'down' && !call.probe);
  return [
    ...(await closeBreakers(tx, lanesOf(probes.filter((probe) => probe.health === 'up')))),
    ...(await openAgain(tx, lanesOf(probes.filter((probe) => probe.health === 'down')))),
    ...(await openBreakers(tx, lanesOf(failed))),
  ];
}

type Lanes = [clientIds: string[], origins: string[]];

function lanesOf(calls: readonly Call[]): Lanes {
  return [calls.map(({ clientId }) => clientId), calls.map(({ origin }) => origin)];
}

/** Opens closed breakers whose window holds enough calls, and enough of them failing. */
async function openBreakers(tx: Queryable, lanes: Lanes): Promise<BreakerChange[]> {
  if (lanes[0].length === 0) return [];
  const { rows } = await tx.query(
    /* sql */ `insert into breakers (client_id, origin, trips, open_until)
               select client_id, origin, 1, now() + make_interval(secs => $3)
                 from breaker_calls
                where (client_id, origin) in (select * from unnest($1::text[], $2::text[]))
                  and minute > now() - make_interval(mins => $4)
                group by client_id, origin
               having sum(calls) >= $5 and sum(failures) >= $6::float8 * sum(calls)
                order by client_id, origin
               on conflict (client_id, origin) do update
                  set trips = 1, opened_at = now(), open_until = excluded.open_until, updated_at = now()
                where breakers.open_until is null
            returning client_id as "clientId", origin, 'open' as state, trips`,
    [...lanes, BREAKER.openSeconds, BREAKER.windowMinutes, BREAKER.minCalls, BREAKER.failingShare],
  );
  return rows;
}

/** A probe failed: the breaker rests for twice as long. */
async function openAgain(tx: Queryable, lanes: Lanes): Promise<BreakerChange[]> {
  if (lanes[0].length === 0) return [];
  const { rows } = await tx.query(
    /* sql */ `update breakers
                  set trips = trips + 1, updated_at = now(),
                      open_until = now() + make_interval(secs => least($3 * 2 ^ least(trips, 30), $4))
                where (client_id, origin) in (select * from unnest($1::text[], $2::text[])) and open_until <= now()
            returning client_id as "clientId", origin, 'open' as state, trips`,
    [...lanes, BREAKER.openSeconds, BREAKER.maxOpenSeconds],
  );
  return rows;
}

/** A probe came through: the breaker closes, with a window that has forgotten the outage. */
async function closeBreakers(tx: Queryable, lanes: Lanes): Promise<BreakerChange[]> {
  if (lanes[0].length === 0) return [];
  const { rows } = await tx.query(
    /* sql */ `update breakers set open_until = null, trips = 0, updated_at = now()
                where (client_id, origin) in (select * from unnest($1::text[], $2::text[])) and open_until is not null
            returning client_id as "clientId", origin, 'closed' as state, trips`,
    lanes,
  );
  await tx.query(
    /* sql */ `delete from breaker_calls where (client_id, origin) in (select * from unnest($1::text[], $2::text[]))`,
    lanes,
  );
  return rows;
}

/** Deletes counts that no window reaches any more and breakers long closed; returns how many rows. */
export async function deleteOldBreakerRows(db: Queryable, limit: number): Promise<number> {
  const counts = await db.query(
    /* sql */ `delete from breaker_calls where (client_id, origin, minute) in
                 (select client_id, origin, minute from breaker_calls
                   where minute < now() - make_interval(mins => $2) limit $1 for update skip locked)`,
    [limit, 2 * BREAKER.windowMinutes],
  );
  const breakers = await db.query(
    /* sql */ `delete from breakers where (client_id, origin) in
                 (select client_id, origin from breakers
                   where open_until is null and updated_at < now() - interval '1 day' limit $1 for update skip locked)`,
    [limit],
  );
  return (counts.rowCount ?? 0) + (breakers.rowCount ?? 0);
}
