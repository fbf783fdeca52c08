/**
 * The duty to tell one endpoint of one event. The schedule lives here, not in a queue, and so does fairness: due rows are
 * claimed lane by lane (a lane is one client's deliveries to one origin), and what is over a cap stays where it is.
 */
import { CLAIM_LEASE_SECONDS, IN_FLIGHT_LIMITS } from '@livegate/domain/delivery-limits';
import type { Database, Queryable } from './database.ts';
import { LIVING_DISPATCHERS } from './dispatcher-presence.ts';

export type ClaimedDelivery = {
  deliveryId: string;
  eventId: string;
  clientId: string;
  checkId: string;
  /** Null: the check's own webhook_url. */
  endpointId: string | null;
  url: string;
  origin: string;
  attemptsMade: number;
  /** Attempts of the present schedule: a replay may have started a new one. */
  scheduleStep: number;
  replaysWanted: number;
  /** Somebody asked for this attempt. */
  manual: boolean;
  /** The lane's breaker is half open: this attempt decides whether it closes. */
  probe: boolean;
  body: Buffer;
  /** Made with a test key. */
  isSandbox: boolean;
  /** Wrapped, the newest first; empty when the secret's time is over. */
  secrets: Buffer[];
  traceparent: string | null;
  /** Seconds from the commit of the delivery to this claim. */
  ageSeconds: number;
};

// Spells DLVR; any constant does, as long as every Livegate process uses the same one.
const CLAIM_LOCK = 0x444c5652;

/**
 * Claims up to `limit` due deliveries within the caps, those of all dispatchers counted. A dispatcher that dies loses them
 * at once (its session ends), one that hangs when the lease ends. Lanes take turns, so a long queue of one does not keep
 * another waiting.
 */
export async function claimDueDeliveries(
  db: Database,
  { limit, dispatcher }: { limit: number; dispatcher: number },
): Promise<ClaimedDelivery[]> {
  return db.transaction(async (tx) => {
    const { perOrigin, perClient, total } = IN_FLIGHT_LIMITS;
    // One claim at a time: what is in flight is counted and added to in one step. Both leave in one packet; the claim looks
    // when it has the lock.
    const [, { rows }] = await Promise.all([
      tx.query('select pg_advisory_xact_lock($1)', [CLAIM_LOCK]),
      tx.query(CLAIM, [limit, CLAIM_LEASE_SECONDS, perOrigin, perClient, total, dispatcher]),
    ]);
    return rows;
  });
}

// A walk over the index from lane to lane: its cost is the number of lanes, not of deliveries.
const LANES = /* sql */ `
  with recursive lanes as (
    (select client_id, origin from deliveries where next_attempt_at is not null order by client_id, origin limit 1)
    union all
    select next.client_id, next.origin
      from lanes cross join lateral
           (select client_id, origin from deliveries
             where next_attempt_at is not null and (client_id, origin) > (lanes.client_id, lanes.origin)
             order by client_id, origin limit 1) as next
  )`;

// Whose claims count: the lease has not ended, and its dispatcher lives. Right after a start of Postgres nobody has had the
// time to say so.
const IS_HELD = /* sql */ `
  coalesce(claimed_until > now()
           and (coalesce(claimed_by, $6) = $6 or claimed_by = any(array(select id from living))
                or pg_postmaster_start_time() > now() - interval '5 seconds'), false)`;

const CLAIM = /* sql */ `
  ${LANES}, living as materialized (${LIVING_DISPATCHERS}), in_flight as materialized (
    select client_id, origin, count(*)::int as calls from deliveries
     where claimed_until > now() and next_attempt_at is not null and ${IS_HELD} group by client_id, origin
  ), busy_clients as (
    select client_id, sum(calls)::int as calls from in_flight group by client_id
  ), rooms as (
    select lanes.client_id, lanes.origin, coalesce(in_flight.calls, 0) as calls,
           case when breakers.open_until > now() then 0
                when breakers.open_until is not null then 1 - coalesce(in_flight.calls, 0)
                else $3 - coalesce(in_flight.calls, 0) end as room
      from lanes left join in_flight using (client_id, origin) left join breakers using (client_id, origin)
  ), candidates as (
    select due.id, rooms.client_id, due.next_attempt_at, rooms.calls + due.place as turn
      from rooms cross join lateral
           (select id, next_attempt_at, row_number() over (order by next_attempt_at) as place
              from (select id, next_attempt_at from deliveries
                     where client_id = rooms.client_id and origin = rooms.origin
                       and next_attempt_at <= now() and not ${IS_HELD}
                     order by next_attempt_at limit greatest(rooms.room, 0)) as first_ones) as due
  ), within_client as (
    select candidates.*, row_number() over (partition by client_id order by turn, next_attempt_at)
                         + coalesce(busy_clients.calls, 0) as client_turn
      from candidates left join busy_clients using (client_id)
  ), chosen as (
    select id from within_client where client_turn <= $4
     order by turn, client_turn, next_attempt_at
     limit greatest(least($1, $5 - (select coalesce(sum(calls), 0) from in_flight)::int), 0)
  ), taken as (
    -- Arrays: the planner then knows that they are few, and looks each up by its key.
    select id from deliveries
     where id = any(array(select id from chosen)) and next_attempt_at <= now() and not ${IS_HELD}
       for update skip locked
  )
  update deliveries delivery
     set claimed_until = now() + make_interval(secs => $2), claimed_by = $6
    from events event, checks
   where delivery.id = any(array(select id from taken)) and event.id = delivery.event_id and checks.id = delivery.check_id
  returning delivery.id as "deliveryId", event.id as "eventId", delivery.client_id as "clientId",
            delivery.check_id as "checkId", delivery.endpoint_id as "endpointId", delivery.url, delivery.origin,
            delivery.attempts_made as "attemptsMade", delivery.schedule_step as "scheduleStep",
            delivery.replays_wanted as "replaysWanted", delivery.replays_wanted > delivery.replays_made as manual,
            exists (select from breakers where breakers.client_id = delivery.client_id and breakers.origin = delivery.origin
                       and breakers.open_until is not null) as probe,
            event.body, checks.sandbox as "isSandbox", delivery.traceparent,
            extract(epoch from now() - delivery.created_at)::float8 as "ageSeconds",
            case when delivery.endpoint_id is null then array_remove(array[checks.webhook_secret], null)
                 else array(select wrapped from webhook_endpoint_secrets secret
                             where secret.endpoint_id = delivery.endpoint_id and coalesce(secret.expires_at > now(), true)
                             order by sequence desc) end as secrets`;

/**
 * Seconds until there may be something to claim again without anybody saying so: a delivery falls due, a lease or a
 * breaker's rest ends, a dispatcher dies. Null when nothing is open.
 */
export async function secondsUntilNextClaim(db: Queryable, dispatcher: number): Promise<number | null> {
  const { rows } = await db.query(
    /* sql */ `${LANES}
               select extract(epoch from least(
                        (select min(soonest.next_attempt_at)
                           from lanes cross join lateral
                                (select next_attempt_at from deliveries
                                  where client_id = lanes.client_id and origin = lanes.origin and next_attempt_at > now()
                                  order by next_attempt_at limit 1) as soonest),
                        -- Another dispatcher may die at any moment, and nobody would say so.
                        (select min(case when claimed_by = $1 then claimed_until else now() + interval '1 second' end)
                           from deliveries where claimed_until > now() and next_attempt_at is not null),
                        (select min(open_until) from breakers where open_until > now())) - now())::float8 as seconds`,
    [dispatcher],
  );
  return rows[0].seconds === null ? null : Math.max(0, rows[0].seconds);
}

export type DeliveryBacklog = { due: number; oldestDueSeconds: number; openBreakers: number };

/**
 * What waits to be delivered now, how long the longest has, and how many lanes rest: for metrics. What waits for a receiver
 * to recover is due, but of no age: no dispatcher could make it sooner.
 */
export async function measureDeliveryBacklog(db: Queryable): Promise<DeliveryBacklog> {
  const { rows } = await db.query(
    /* sql */ `select count(*)::int as due,
                      coalesce(extract(epoch from now() - min(next_attempt_at) filter (where open_until is null)), 0)::float8
                        as "oldestDueSeconds",
                      (select count(*)::int from breakers where open_until is not null) as "openBreakers"
                 from deliveries left join breakers using (client_id, origin)
                where next_attempt_at <= now()`,
  );
  return rows[0];
}

/** Ends deliveries that could not be made in all their time; returns how many. */
export async function buryOverdueDeliveries(db: Queryable, limit: number): Promise<number> {
  const { rowCount } = await db.query(
    /* sql */ `update deliveries set next_attempt_at = null, dead_at = now(), dead_reason = 'horizon'
                where id in (select id from deliveries
                              where next_attempt_at is not null and horizon_at <= now() and coalesce(claimed_until <= now(), true)
                              order by horizon_at limit $1 for update skip locked)`,
    [limit],
  );
  return rowCount ?? 0;
}
