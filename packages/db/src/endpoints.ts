/** Account-level webhook endpoints and their secrets. Ended ones keep their row: deliveries point at it. */
import { TERMINAL_STATES } from '@livegate/domain/check-state';
import { type DeadReason, MAX_ENDPOINTS, MAX_OLD_SECRETS } from '@livegate/domain/delivery-limits';
import { newId } from '@livegate/domain/ids';
import type { EventType } from '@livegate/domain/webhook-events';
import type { Queryable } from './database.ts';
import { CHANNELS, notify } from './notifications.ts';

export type Endpoint = {
  id: string;
  url: string;
  description: string;
  /** Empty: every end of a check. */
  events: EventType[];
  createdAt: Date;
  updatedAt: Date;
  disabledAt: Date | null;
};

type Key = { clientId: string; endpointId: string };
type Wish = Pick<Endpoint, 'url' | 'description' | 'events'>;

const COLUMNS = /* sql */ `id, url, description, events, created_at as "createdAt", updated_at as "updatedAt", disabled_at as "disabledAt"`;

/** Adds an endpoint with its first secret; null when the client has as many as it may have. */
export async function insertEndpoint(
  tx: Queryable,
  { clientId, id, url, description, events, wrapped }: Wish & { clientId: string; id: string; wrapped: Buffer },
): Promise<Endpoint | null> {
  // One at a time per client: two at once would both count one below the limit.
  await tx.query(/* sql */ `select from clients where id = $1 for update`, [clientId]);
  const { rows } = await tx.query(
    /* sql */ `insert into webhook_endpoints (id, client_id, url, origin, description, events)
               select $1, $2, $3, $4, $5, $6
                where (select count(*) from webhook_endpoints where client_id = $2 and deleted_at is null) < $7
            returning ${COLUMNS}`,
    [id, clientId, url, new URL(url).origin, description, events, MAX_ENDPOINTS],
  );
  if (!rows[0]) return null;
  await tx.query(/* sql */ `insert into webhook_endpoint_secrets (endpoint_id, wrapped) values ($1, $2)`, [
    id,
    wrapped,
  ]);
  return rows[0];
}

/** The client's endpoints, oldest first. */
export async function listEndpoints(db: Queryable, clientId: string): Promise<Endpoint[]> {
  const { rows } = await db.query(
    /* sql */ `select ${COLUMNS} from webhook_endpoints where client_id = $1 and deleted_at is null order by created_at, id`,
    [clientId],
  );
  return rows;
}

/** One endpoint of the client, or null. */
export async function findEndpoint(db: Queryable, { clientId, endpointId }: Key): Promise<Endpoint | null> {
  const { rows } = await db.query(
    /* sql */ `select ${COLUMNS} from webhook_endpoints where id = $2 and client_id = $1 and deleted_at is null`,
    [clientId, endpointId],
  );
  return rows[0] ?? null;
}

/**
 * Changes what is given and leaves the rest. What still waits to be delivered follows a new address; disabling ends it
 * (recovery brings it back after the endpoint is enabled again). Null when the client has no such endpoint.
 */
export async function updateEndpoint(
  tx: Queryable,
  {
    clientId,
    endpointId,
    ...change
  }: Key & { [Field in keyof Wish]?: Wish[Field] | undefined } & { disabled?: boolean | undefined },
): Promise<Endpoint | null> {
  const { rows } = await tx.query(
    /* sql */ `update webhook_endpoints
                  set url = coalesce($3, url), origin = coalesce($4, origin), description = coalesce($5, description),
                      events = coalesce($6, events), updated_at = now(),
                      disabled_at = case when $7 then coalesce(disabled_at, now()) when not $7 then null else disabled_at end
                where id = $2 and client_id = $1 and deleted_at is null
            returning ${COLUMNS}`,
    [
      clientId,
      endpointId,
      change.url ?? null,
      change.url === undefined ? null : new URL(change.url).origin,
      change.description ?? null,
      change.events ?? null,
      change.disabled ?? null,
    ],
  );
  const endpoint = rows[0] as Endpoint | undefined;
  if (!endpoint) return null;
  if (endpoint.disabledAt) await endDeliveries(tx, { endpointId, reason: 'endpoint_disabled' });
  else if (change.url !== undefined) await redirectDeliveries(tx, { endpointId, url: endpoint.url });
  return endpoint;
}

/** Deletes an endpoint: its secrets go, what still waits for it ends. False when the client has no such endpoint. */
export async function deleteEndpoint(tx: Queryable, { clientId, endpointId }: Key): Promise<boolean> {
  const { rowCount } = await tx.query(
    /* sql */ `update webhook_endpoints set deleted_at = now(), updated_at = now()
                where id = $2 and client_id = $1 and deleted_at is null`,
    [clientId, endpointId],
  );
  if (rowCount !== 1) return false;
  await tx.query(/* sql */ `delete from webhook_endpoint_secrets where endpoint_id = $1`, [endpointId]);
  await endDeliveries(tx, { endpointId, reason: 'endpoint_deleted' });
  return true;
}

export type Rotation = 'rotated' | 'unknown' | 'too_many';

/** Puts a new secret in force. Those before it go on signing for `overlapSeconds` more, or until their own earlier end. */
export async function rotateEndpointSecret(
  tx: Queryable,
  { clientId, endpointId, wrapped, overlapSeconds }: Key & { wrapped: Buffer; overlapSeconds: number },
): Promise<Rotation> {
  const { rowCount } = await tx.query(
    /* sql */ `update webhook_endpoints set updated_at = now() where id = $2 and client_id = $1 and deleted_at is null`,
    [clientId, endpointId],
  );
  if (rowCount !== 1) return 'unknown';
  await tx.query(
    /* sql */ `update webhook_endpoint_secrets
                  set expires_at = least(coalesce(expires_at, 'infinity'), now() + make_interval(secs => $2))
                where endpoint_id = $1`,
    [endpointId, overlapSeconds],
  );
  await tx.query(/* sql */ `delete from webhook_endpoint_secrets where endpoint_id = $1 and expires_at <= now()`, [
    endpointId,
  ]);
  const { rows } = await tx.query(
    /* sql */ `insert into webhook_endpoint_secrets (endpoint_id, wrapped)
               select $1, $2 where (select count(*) from webhook_endpoint_secrets where endpoint_id = $1) < $3
            returning sequence`,
    [endpointId, wrapped, MAX_OLD_SECRETS + 1],
  );
  return rows.length === 1 ? 'rotated' : 'too_many';
}

/** Deletes secrets whose overlap is over; returns how many. */
export async function deleteExpiredEndpointSecrets(db: Queryable): Promise<number> {
  const { rowCount } = await db.query(/* sql */ `delete from webhook_endpoint_secrets where expires_at <= now()`);
  return rowCount ?? 0;
}

/**
 * Adds the deliveries of one event: to the check's own address, and to the client's endpoints that hear of it. In the
 * transaction that makes the event, whose commit wakes the dispatchers; a row lock keeps an endpoint from being disabled in
 * between.
 */
export async function fanOut(
  tx: Queryable,
  event: {
    eventId: string;
    checkId: string;
    clientId: string;
    type: EventType;
    ownUrl: string | null;
    toEndpoints: boolean;
    traceparent: string | null;
  },
): Promise<void> {
  const endpoints = event.toEndpoints ? await listenersOf(tx, event) : [];
  const targets = [...(event.ownUrl === null ? [] : [{ endpointId: null, url: event.ownUrl }]), ...endpoints];
  if (targets.length === 0) return;
  const added = tx.query(
    /* sql */ `insert into deliveries (id, event_id, check_id, client_id, traceparent, endpoint_id, url, origin)
               select id, $1, $2, $3, $4, endpoint_id, url, origin
                 from unnest($5::text[], $6::text[], $7::text[], $8::text[]) as target (id, endpoint_id, url, origin)`,
    [
      event.eventId,
      event.checkId,
      event.clientId,
      event.traceparent,
      targets.map(() => newId('delivery')),
      targets.map(({ endpointId }) => endpointId),
      targets.map(({ url }) => url),
      targets.map(({ url }) => new URL(url).origin),
    ],
  );
  await Promise.all([added, notify(tx, CHANNELS.deliveryDue)]);
}

async function listenersOf(
  tx: Queryable,
  { clientId, type }: { clientId: string; type: EventType },
): Promise<{ endpointId: string; url: string }[]> {
  const { rows } = await tx.query(
    /* sql */ `select id as "endpointId", url from webhook_endpoints
                where client_id = $1 and deleted_at is null and disabled_at is null
                  and ($2 = any(events) or events = '{}' and $2 = any($3::text[]))
                order by id for share`,
    [clientId, type, TERMINAL_STATES],
  );
  return rows;
}

async function endDeliveries(
  tx: Queryable,
  { endpointId, reason }: { endpointId: string; reason: DeadReason },
): Promise<void> {
  await tx.query(
    /* sql */ `update deliveries set next_attempt_at = null, claimed_until = null, dead_at = now(), dead_reason = $2
                where endpoint_id = $1 and next_attempt_at is not null`,
    [endpointId, reason],
  );
}

async function redirectDeliveries(
  tx: Queryable,
  { endpointId, url }: { endpointId: string; url: string },
): Promise<void> {
  await tx.query(
    /* sql */ `update deliveries set url = $2, origin = $3 where endpoint_id = $1 and next_attempt_at is not null`,
    [endpointId, url, new URL(url).origin],
  );
}
