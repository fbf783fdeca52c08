/** Events and their deliveries as their client sees them: newest first, page by page, never another client's. */
import type { DeadReason } from '@livegate/domain/delivery-limits';
import type { EventType } from '@livegate/domain/webhook-events';
import type { Queryable } from './database.ts';

export type DeliveryState = 'due' | 'delivered' | 'dead';

export type ListedEvent = {
  id: string;
  type: EventType;
  token: string;
  reference: string;
  sequence: number;
  createdAt: Date;
  place: string;
};

export type ListedDelivery = {
  id: string;
  eventId: string;
  endpointId: string | null;
  origin: string;
  state: DeliveryState;
  attemptsMade: number;
  createdAt: Date;
  nextAttemptAt: Date | null;
  deliveredAt: Date | null;
  deadAt: Date | null;
  deadReason: DeadReason | null;
  place: string;
};

export type ListedAttempt = {
  deliveryId: string;
  number: number;
  manual: boolean;
  startedAt: Date;
  elapsedMs: number;
  outcome: 'delivered' | 'retry' | 'dead';
  status: number | null;
  errorCode: string | null;
  dialledAddress: string | null;
  pathHash: string | null;
  response: Buffer | null;
  nextAttemptAt: Date | null;
};

/** Where a page begins: after this place in the order (microseconds since 1970, then id). */
export type Page = { limit: number; after: { place: string; id: string } | null };
type Range = { since?: Date | undefined; until?: Date | undefined };

// Exact in both directions; a JavaScript date would lose the microseconds by which rows are ordered.
const PLACE = (table: string) => /* sql */ `(extract(epoch from ${table}.created_at) * 1000000)::bigint::text as place`;
const AFTER = (table: string) =>
  /* sql */ `($2::bigint is null or (${table}.created_at, ${table}.id) < (timestamptz 'epoch' + $2::bigint * interval '1 microsecond', $3))`;

/** The client's events of a time range and, if given, one type; those of the sandbox are left out everywhere here. */
export async function listEvents(
  db: Queryable,
  { clientId, page, type, since, until }: { clientId: string; page: Page; type?: EventType | undefined } & Range,
): Promise<ListedEvent[]> {
  const { rows } = await db.query(
    /* sql */ `select events.id, events.type, events.sequence, events.created_at as "createdAt", checks.token, checks.reference,
                      ${PLACE('events')}
                 from events join checks on checks.id = events.check_id
                where events.client_id = $1 and not checks.sandbox and ${AFTER('events')}
                  and ($5::text is null or events.type = $5) and ($6::timestamptz is null or events.created_at >= $6)
                  and ($7::timestamptz is null or events.created_at < $7)
                order by events.created_at desc, events.id desc limit $4`,
    [
      clientId,
      page.after?.place ?? null,
      page.after?.id ?? null,
      page.limit,
      type ?? null,
      since ?? null,
      until ?? null,
    ],
  );
  return rows;
}

/** One event of the client, or null: another client's is as unknown as one that never was. */
export async function findEvent(
  db: Queryable,
  { clientId, eventId }: { clientId: string; eventId: string },
): Promise<ListedEvent | null> {
  const { rows } = await db.query(
    /* sql */ `select events.id, events.type, events.sequence, events.created_at as "createdAt", checks.token, checks.reference,
                      ${PLACE('events')}
                 from events join checks on checks.id = events.check_id where events.id = $2 and events.client_id = $1 and not checks.sandbox`,
    [clientId, eventId],
  );
  return rows[0] ?? null;
}

const DELIVERY = /* sql */ `
  delivery.id, delivery.event_id as "eventId", delivery.endpoint_id as "endpointId", delivery.origin,
  case when delivery.delivered_at is not null then 'delivered' when delivery.dead_at is not null then 'dead' else 'due' end as state,
  delivery.attempts_made as "attemptsMade", delivery.created_at as "createdAt", delivery.next_attempt_at as "nextAttemptAt",
  delivery.delivered_at as "deliveredAt", delivery.dead_at as "deadAt", delivery.dead_reason as "deadReason", ${PLACE('delivery')}`;

/** The client's deliveries, those in one state if it is given. */
export async function listDeliveries(
  db: Queryable,
  { clientId, page, state }: { clientId: string; page: Page; state?: DeliveryState | undefined },
): Promise<ListedDelivery[]> {
  const { rows } = await db.query(
    /* sql */ `select ${DELIVERY} from deliveries delivery
                where client_id = $1 and ${AFTER('delivery')}
                  and not exists (select from checks where checks.id = delivery.check_id and checks.sandbox)
                  and case $5 when 'due' then next_attempt_at is not null when 'delivered' then delivered_at is not null
                              when 'dead' then dead_at is not null else true end
                order by created_at desc, id desc limit $4`,
    [clientId, page.after?.place ?? null, page.after?.id ?? null, page.limit, state ?? null],
  );
  return rows;
}

/** The deliveries of one event, oldest first. */
export async function listDeliveriesOfEvent(db: Queryable, eventId: string): Promise<ListedDelivery[]> {
  const { rows } = await db.query(
    /* sql */ `select ${DELIVERY} from deliveries delivery where event_id = $1 order by created_at, id`,
    [eventId],
  );
  return rows;
}

/** The attempts of one event's deliveries, in order. */
export async function listAttemptsOfEvent(db: Queryable, eventId: string): Promise<ListedAttempt[]> {
  const { rows } = await db.query(
    /* sql */ `select attempt.delivery_id as "deliveryId", attempt.attempt as number, attempt.manual, attempt.started_at as "startedAt",
                      attempt.elapsed_ms as "elapsedMs", attempt.outcome, attempt.status, attempt.error_code as "errorCode",
                      attempt.dialled_address as "dialledAddress", attempt.path_hash as "pathHash", attempt.response,
                      attempt.next_attempt_at as "nextAttemptAt"
                 from delivery_attempts attempt join deliveries delivery on delivery.id = attempt.delivery_id
                where delivery.event_id = $1 order by attempt.delivery_id, attempt.attempt`,
    [eventId],
  );
  return rows;
}
