/** What the console looks at, over all clients. Each question is answered by an index or over what waits, never by reading all checks. */
import { CHECK_STATES, type CheckState } from '@livegate/domain/check-state';
import type { Queryable } from './database.ts';
import type { DeliveryState, Page } from './events.ts';

export type MinuteCounts = {
  minute: Date;
  created: number;
  passed: number;
  refused: number;
  failed: number;
  expired: number;
};

/**
 * What was made and what ended in each minute since `since`, by the indexes on either time: with an end as well, for of a
 * beginning alone a plan that is kept for all values expects a third of the table. Minutes of nothing are left out.
 */
export async function countChecksByMinute(db: Queryable, since: Date): Promise<MinuteCounts[]> {
  const { rows } = await db.query(
    /* sql */ `select minute, sum(created)::int as created, sum(passed)::int as passed, sum(refused)::int as refused,
                      sum(failed)::int as failed, sum(expired)::int as expired
                 from (select date_trunc('minute', created_at) as minute, 1 as created, 0 as passed, 0 as refused, 0 as failed, 0 as expired
                         from checks where created_at >= $1 and created_at <= now() and not sandbox
                        union all
                       select date_trunc('minute', finished_at), 0, (passed is true)::int, (passed is false)::int,
                              (state = 'failed')::int, (state = 'expired')::int
                         from checks where finished_at >= $1 and finished_at <= now() and not sandbox) as moves
                group by minute order by minute`,
    [since],
  );
  return rows;
}

export type DeliveryBacklog = {
  due: number;
  oldestDueSeconds: number;
  scheduled: number;
  deadToday: number;
  openBreakers: number;
};

/** What is to be delivered. Counts end at 10,000: more is as bad. */
export async function measureDeliveries(db: Queryable): Promise<DeliveryBacklog> {
  const { rows } = await db.query(
    /* sql */ `with waiting as (select next_attempt_at as at from deliveries where next_attempt_at is not null limit 10000)
               select count(*) filter (where at <= now())::int as due, count(*) filter (where at > now())::int as scheduled,
                      coalesce(greatest(extract(epoch from now() - min(at)), 0), 0)::float8 as "oldestDueSeconds",
                      (select count(*)::int from (select from deliveries where dead_at > now() - interval '1 day'
                                                   and created_at > now() - interval '8 days' limit 10000) as dead) as "deadToday",
                      (select count(*)::int from breakers where open_until > now()) as "openBreakers"
                 from waiting`,
  );
  return rows[0];
}

/** Services with connections to this database, by the name that each gives them. */
export async function listConnectedServices(db: Queryable): Promise<{ name: string; connections: number }[]> {
  const { rows } = await db.query(
    /* sql */ `select substring(application_name from 10) as name, count(*)::int as connections
                 from pg_stat_activity
                where datname = current_database()
                  and application_name in ('livegate-api', 'livegate-inference-worker', 'livegate-lifecycle', 'livegate-webhook-dispatcher')
                group by 1 order by 1`,
  );
  return rows;
}

/** Seconds since the newest end of a check outside the sandbox; null when there never was one. */
export async function secondsSinceLastEnd(db: Queryable): Promise<number | null> {
  const { rows } = await db.query(
    /* sql */ `select extract(epoch from now() - max(finished_at))::float8 as seconds from checks where finished_at is not null and not sandbox`,
  );
  return rows[0].seconds;
}

export type WaitingBatch = {
  batch: string;
  reference: string;
  ageSeconds: number;
  dueInSeconds: number;
  enqueued: boolean;
  generation: number;
  attemptsStarted: number;
  crashes: number;
  lastFailure: string | null;
};

/** The batches that are due the longest, or soonest. */
export async function listWaitingBatches(db: Queryable, limit: number): Promise<WaitingBatch[]> {
  const { rows } = await db.query(
    /* sql */ `select batch.id as batch, checks.reference, extract(epoch from now() - batch.created_at)::float8 as "ageSeconds",
                      extract(epoch from batch.due_at - now())::float8 as "dueInSeconds", batch.enqueued_at is not null as enqueued,
                      batch.generation, batch.attempts_started as "attemptsStarted", batch.crashes, batch.last_failure as "lastFailure"
                 from frame_batches batch join checks on checks.id = batch.check_id
                where batch.scored_at is null and batch.given_up_at is null and checks.state = 'in_progress'
                order by batch.due_at limit $1`,
    [limit],
  );
  return rows;
}

export type FoundCheck = {
  id: string;
  reference: string;
  clientId: string;
  clientName: string;
  contract: string;
  kind: 'hosted' | 'instant';
  state: CheckState;
  passed: boolean | null;
  confidence: number | null;
  threshold: number;
  reasons: string[];
  failureReason: string | null;
  sandbox: boolean;
  createdAt: Date;
  finishedAt: Date | null;
  place: string;
};

const FOUND = /* sql */ `
  checks.id, checks.reference, checks.client_id as "clientId", client.name as "clientName", checks.contract, checks.kind, checks.state,
  checks.passed, checks.confidence, checks.threshold, checks.reasons, checks.failure_reason as "failureReason", checks.sandbox,
  checks.created_at as "createdAt", checks.finished_at as "finishedAt",
  (extract(epoch from checks.created_at) * 1000000)::bigint::text as place`;

/** The ways to name a check exactly: each is unique, and has its index. */
const NAMES = { reference: 'checks.reference = $1::uuid', token: 'checks.token = $1', id: 'checks.id = $1' } as const;
export type CheckName = { by: keyof typeof NAMES; text: string };

/** The check of that name, or null. */
export async function findCheckNamed(db: Queryable, { by, text }: CheckName): Promise<FoundCheck | null> {
  const { rows } = await db.query(
    `select ${FOUND} from checks join clients client on client.id = checks.client_id where ${NAMES[by]}`,
    [text],
  );
  return rows[0] ?? null;
}

export type CheckFilter = {
  state?: CheckState | undefined;
  clientId?: string | undefined;
  since?: Date | undefined;
  until?: Date | undefined;
};

/** Checks newest first, by an index on the time. Only what is asked for is in the text of the statement. */
export async function findChecks(
  db: Queryable,
  { page, ...filter }: CheckFilter & { page: Page },
): Promise<FoundCheck[]> {
  const given: unknown[] = [page.limit];
  const give = (value: unknown) => `$${given.push(value)}`;
  const wanted = [
    // In the text, for a plan that is kept for all values cannot know which partial index holds this one.
    filter.state && `checks.state = ${stateLiteral(filter.state)}`,
    filter.clientId && `checks.client_id = ${give(filter.clientId)}`,
    filter.since && `checks.created_at >= ${give(filter.since)}`,
    filter.until && `checks.created_at < ${give(filter.until)}`,
    page.after &&
      `(checks.created_at, checks.id) < (timestamptz 'epoch' + ${give(page.after.place)}::bigint * interval '1 microsecond', ${give(page.after.id)})`,
  ].filter(Boolean);
  const { rows } = await db.query(
    `select ${FOUND} from checks join clients client on client.id = checks.client_id
      ${wanted.length > 0 ? `where ${wanted.join(' and ')}` : ''}
      order by checks.created_at desc, checks.id desc limit $1`,
    given,
  );
  return rows;
}

function stateLiteral(state: CheckState): string {
  if (!(state in CHECK_STATES)) throw new TypeError(`no state is named ${state}`);
  return `'${state}'`;
}

export type ConsoleDelivery = {
  id: string;
  eventId: string;
  eventType: string;
  reference: string;
  clientName: string;
  endpointId: string | null;
  origin: string;
  state: DeliveryState;
  attemptsMade: number;
  createdAt: Date;
  nextAttemptAt: Date | null;
  deliveredAt: Date | null;
  deadAt: Date | null;
  deadReason: string | null;
  place: string;
};

const DELIVERY = /* sql */ `
  select delivery.id, delivery.event_id as "eventId", event.type as "eventType", checks.reference, client.name as "clientName",
         delivery.endpoint_id as "endpointId", delivery.origin,
         case when delivery.delivered_at is not null then 'delivered' when delivery.dead_at is not null then 'dead' else 'due' end as state,
         delivery.attempts_made as "attemptsMade", delivery.created_at as "createdAt", delivery.next_attempt_at as "nextAttemptAt",
         delivery.delivered_at as "deliveredAt", delivery.dead_at as "deadAt", delivery.dead_reason as "deadReason",
         (extract(epoch from delivery.created_at) * 1000000)::bigint::text as place
    from deliveries delivery
    join events event on event.id = delivery.event_id
    join checks on checks.id = delivery.check_id
    join clients client on client.id = delivery.client_id`;

const IN_STATE: Record<DeliveryState, string> = {
  due: 'delivery.next_attempt_at is not null',
  delivered: 'delivery.delivered_at is not null',
  dead: 'delivery.dead_at is not null',
};

/** Everybody's deliveries, newest first. */
export async function listAllDeliveries(
  db: Queryable,
  { page, state }: { page: Page; state?: DeliveryState | undefined },
): Promise<ConsoleDelivery[]> {
  const after =
    page.after === null
      ? 'true'
      : `(delivery.created_at, delivery.id) < (timestamptz 'epoch' + $2::bigint * interval '1 microsecond', $3)`;
  const { rows } = await db.query(
    `${DELIVERY} where ${state ? IN_STATE[state] : 'true'} and ${after}
      order by delivery.created_at desc, delivery.id desc limit $1`,
    [page.limit, ...(page.after ? [page.after.place, page.after.id] : [])],
  );
  return rows;
}

/** The deliveries of one event, or of one check, oldest first. */
export async function listDeliveriesOf(
  db: Queryable,
  { eventId = null, checkId = null }: { eventId?: string | null; checkId?: string | null },
): Promise<ConsoleDelivery[]> {
  const { rows } = await db.query(
    `${DELIVERY} where ${eventId === null ? 'event.terminal and event.check_id' : 'event.id'} = $1 order by delivery.created_at, delivery.id`,
    [eventId ?? checkId],
  );
  return rows;
}

/** How many keys of each client could be used now. */
export async function countUsableKeysByClient(db: Queryable): Promise<Map<string, number>> {
  const { rows } = await db.query(
    /* sql */ `select client_id, count(*)::int as usable from api_keys
                where revoked_at is null and coalesce(expires_at > now(), true) group by 1`,
  );
  return new Map(rows.map((row) => [row.client_id, row.usable]));
}

/** The client that pictures tried from the console belong to; made when first wanted. */
export async function ensureConsoleClient(db: Queryable): Promise<string> {
  await db.query(/* sql */ `insert into clients (id, name) values ('cli_console', 'console') on conflict do nothing`);
  return 'cli_console';
}
