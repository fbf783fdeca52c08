/** The log of attempts, one row each, and what an attempt does to its delivery. Many are recorded in one transaction. */
import type { DeadReason } from '@livegate/domain/delivery-limits';
import { type BreakerChange, settleBreakers } from './breakers.ts';
import type { Database, Queryable } from './database.ts';

export type DeliveryAttempt = {
  deliveryId: string;
  eventId: string;
  clientId: string;
  origin: string;
  pathHash: string;
  attempt: number;
  scheduleStep: number;
  replaysWanted: number;
  manual: boolean;
  probe: boolean;
  startedAt: Date;
  elapsedMs: number;
  outcome: 'delivered' | 'retry' | 'dead';
  deadReason: DeadReason | null;
  /** What it says about the receiver's health; `none`: it was not called, or the fault was ours. */
  health: 'up' | 'down' | 'none';
  status: number | null;
  errorCode: string | null;
  dialledAddress: string | null;
  response: Buffer | null;
  /** Seconds until the next attempt, by the database's clock; null unless the outcome is `retry`. */
  retryInSeconds: number | null;
};

/** What recording came to: which deliveries were moved on (the others were recorded before), which breakers changed. */
export type Recorded = { deliveryIds: string[]; breakers: BreakerChange[] };

/**
 * Logs attempts and moves their deliveries on, all or none. An attempt that was logged before (another claimer was
 * quicker) changes nothing. A replay asked for while the attempt was under way leaves its delivery due at once; a
 * delivery that was ended meanwhile stays ended.
 */
export async function recordAttempts(db: Database, attempts: readonly DeliveryAttempt[]): Promise<Recorded> {
  // Once each: a claim that outlived its lease may have been made again by the same dispatcher. And in one order for all who
  // record: two of them never wait for each other.
  const ordered = [...new Map(attempts.map((attempt) => [attempt.deliveryId, attempt])).values()].sort((a, b) =>
    a.deliveryId < b.deliveryId ? -1 : 1,
  );
  // Nothing to settle: one statement, and no transaction around it.
  if (!ordered.some(({ health, probe }) => health === 'down' || probe))
    return { deliveryIds: [...(await moveOn(db, ordered))], breakers: [] };
  return db.transaction(async (tx) => {
    const moved = await moveOn(tx, ordered);
    const calls = ordered.filter(({ deliveryId, health }) => moved.has(deliveryId) && health !== 'none');
    return { deliveryIds: [...moved], breakers: await settleBreakers(tx, calls) };
  });
}

const COLUMNS = {
  delivery_id: ['text', (a) => a.deliveryId],
  event_id: ['text', (a) => a.eventId],
  client_id: ['text', (a) => a.clientId],
  health: ['text', (a) => a.health],
  origin: ['text', (a) => a.origin],
  path_hash: ['text', (a) => a.pathHash],
  attempt: ['int', (a) => a.attempt],
  schedule_step: ['int', (a) => a.scheduleStep],
  replays_wanted: ['int', (a) => a.replaysWanted],
  manual: ['bool', (a) => a.manual],
  started_at: ['timestamptz', (a) => a.startedAt],
  elapsed_ms: ['int', (a) => a.elapsedMs],
  outcome: ['text', (a) => a.outcome],
  dead_reason: ['text', (a) => a.deadReason],
  status: ['int', (a) => a.status],
  error_code: ['text', (a) => a.errorCode],
  dialled_address: ['text', (a) => a.dialledAddress],
  response: ['bytea', (a) => a.response],
  retry_in: ['float8', (a) => a.retryInSeconds],
} as const satisfies Record<string, [string, (attempt: DeliveryAttempt) => unknown]>;

const NAMES = Object.keys(COLUMNS).join(', ');
const ARRAYS = Object.values(COLUMNS)
  .map(([type], index) => `$${index + 1}::${type}[]`)
  .join(', ');

async function moveOn(tx: Queryable, attempts: readonly DeliveryAttempt[]): Promise<Set<string>> {
  const text = /* sql */ `with given as (select * from unnest(${ARRAYS}) as given (${NAMES})),
                    moved as (
                      update deliveries delivery
                         set attempts_made = given.attempt, schedule_step = given.schedule_step,
                             replays_made = given.replays_wanted, claimed_until = null, claimed_by = null,
                             next_attempt_at = case when delivery.next_attempt_at is null then null
                                                    when delivery.replays_wanted > given.replays_wanted then now()
                                                    when given.outcome = 'retry' then now() + make_interval(secs => given.retry_in) end,
                             delivered_at = case when delivery.next_attempt_at is null then delivery.delivered_at
                                                 when delivery.replays_wanted > given.replays_wanted then null
                                                 when given.outcome = 'delivered' then now() end,
                             dead_at = case when delivery.next_attempt_at is null then delivery.dead_at
                                            when delivery.replays_wanted > given.replays_wanted then null
                                            when given.outcome = 'dead' then now() end,
                             dead_reason = case when delivery.next_attempt_at is null then delivery.dead_reason
                                                when delivery.replays_wanted > given.replays_wanted then null
                                                else given.dead_reason end
                        from given
                       where delivery.id = given.delivery_id and delivery.attempts_made = given.attempt - 1
                   returning delivery.id, delivery.next_attempt_at as next_at),
                    counted as (
                      insert into breaker_calls (client_id, origin, minute, calls, failures)
                      select client_id, origin, date_trunc('minute', now()), count(*), count(*) filter (where health = 'down')
                        from moved join given on given.delivery_id = moved.id
                       where health <> 'none'
                       group by client_id, origin order by client_id, origin
                      on conflict (client_id, origin, minute) do update
                         set calls = breaker_calls.calls + excluded.calls, failures = breaker_calls.failures + excluded.failures)
               insert into delivery_attempts (delivery_id, event_id, attempt, manual, origin, path_hash, started_at, elapsed_ms,
                                              outcome, status, error_code, dialled_address, response, next_attempt_at)
               select given.delivery_id, given.event_id, given.attempt, given.manual, given.origin, given.path_hash,
                      given.started_at, given.elapsed_ms, given.outcome, given.status, given.error_code,
                      given.dialled_address, given.response, moved.next_at
                 from moved join given on given.delivery_id = moved.id
            returning delivery_id`;
  const values = Object.values(COLUMNS).map(([, read]) => attempts.map((attempt) => read(attempt)));
  const { rows } = await tx.query({ name: 'move-deliveries-on', text, values });
  return new Set(rows.map((row) => row.delivery_id as string));
}

/** Forgets what receivers answered more than `days` ago, except about checks under a legal hold; returns how many answers. */
export async function expungeResponses(
  db: Queryable,
  { days, limit }: { days: number; limit: number },
): Promise<number> {
  const { rowCount } = await db.query(
    /* sql */ `update delivery_attempts set response = null
                where (delivery_id, attempt) in
                      (select delivery_id, attempt from delivery_attempts
                        where response is not null and started_at < now() - make_interval(days => $1)
                          and delivery_id not in (select id from deliveries where check_id in (select check_id from legal_holds))
                        order by started_at limit $2 for update skip locked)`,
    [days, limit],
  );
  return rowCount ?? 0;
}
