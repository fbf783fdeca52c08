/** Our own routes about events and their deliveries: look, tell again, recover a time range. */
import { DEAD_REASONS, type DeadReason } from '@livegate/domain/delivery-limits';
import { EVENT_TYPES } from '@livegate/domain/webhook-events';
import { z } from 'zod';

const time = z.iso.datetime({ precision: 3 });
const eventId = z.string().startsWith('evt_');
const deliveryId = z.string().startsWith('dlv_');
const eventType = z.enum(EVENT_TYPES);
const deliveryState = z.enum(['due', 'delivered', 'dead']);

/** What may be asked of a list: `limit` and where the last page ended. */
const page = {
  limit: z
    .string()
    .regex(/^\d{1,3}$/, 'must be a number from 1 to 100')
    .transform(Number)
    .pipe(z.number().min(1, 'must be a number from 1 to 100').max(100, 'must be a number from 1 to 100'))
    .optional(),
  cursor: z
    .string()
    .min(1, 'must be the next_cursor of a page')
    .max(200, 'must be the next_cursor of a page')
    .optional(),
};
const since = z.iso.datetime({ error: 'must be an ISO 8601 time in UTC', offset: true });

/** `GET /events` */
export const listEventsQuery = z.strictObject({
  ...page,
  type: eventType.optional(),
  since: since.optional(),
  until: since.optional(),
});

/** `GET /deliveries` */
export const listDeliveriesQuery = z.strictObject({ ...page, state: deliveryState.optional() });

export const eventSummary = z.object({
  id: eventId,
  type: eventType,
  token: z.string(),
  reference: z.uuidv4(),
  sequence: z.number().int().positive(),
  created_at: time,
});
export type EventSummary = z.infer<typeof eventSummary>;

export const eventListResponse = z.object({ events: z.array(eventSummary), next_cursor: z.string().nullable() });
export type EventListResponse = z.infer<typeof eventListResponse>;

export const deliverySummary = z.object({
  id: deliveryId,
  event_id: eventId,
  /** Null: the check's own `webhook_url`. */
  endpoint_id: z.string().startsWith('wep_').nullable(),
  /** Scheme, host and port: the path may be a secret. */
  origin: z.string(),
  state: deliveryState,
  attempts_made: z.number().int().nonnegative(),
  created_at: time,
  next_attempt_at: time.nullable(),
  delivered_at: time.nullable(),
  dead_at: time.nullable(),
  dead_reason: z.enum(Object.keys(DEAD_REASONS) as [DeadReason, ...DeadReason[]]).nullable(),
});
export type DeliverySummary = z.infer<typeof deliverySummary>;

export const deliveryListResponse = z.object({
  deliveries: z.array(deliverySummary),
  next_cursor: z.string().nullable(),
});
export type DeliveryListResponse = z.infer<typeof deliveryListResponse>;

export const deliveryAttempt = z.object({
  number: z.number().int().positive(),
  /** Asked for by a replay. */
  manual: z.boolean(),
  started_at: time,
  elapsed_ms: z.number().int().nonnegative(),
  outcome: z.enum(['delivered', 'retry', 'dead']),
  status: z.number().int().nullable(),
  error_code: z.string().nullable(),
  dialled_address: z.string().nullable(),
  /** SHA-256 of the address's path and query. */
  path_hash: z.string().nullable(),
  /** The beginning of the answer, without secrets; null after 30 days. */
  response: z.string().nullable(),
  next_attempt_at: time.nullable(),
});
export type DeliveryAttemptView = z.infer<typeof deliveryAttempt>;

/** `GET /events/{id}` */
export const eventResponse = eventSummary.extend({
  deliveries: z.array(deliverySummary.extend({ attempts: z.array(deliveryAttempt) })),
});
export type EventResponse = z.infer<typeof eventResponse>;

/** `POST /events/{id}/replay`: all deliveries of the event, or one. */
export const replayRequest = z.strictObject({ delivery_id: deliveryId.optional() });
export const replayResponse = z.object({ event_id: eventId, delivery_ids: z.array(deliveryId).min(1) });
export type ReplayResponse = z.infer<typeof replayResponse>;

/** `POST /events/recover`: `dead` takes what was given up, `all` also what was delivered. */
export const recoverRequest = z.strictObject({
  since,
  until: since.optional(),
  which: z.enum(['dead', 'all'], 'must be dead or all').default('dead'),
});
export const recoverResponse = z.object({
  recovered: z.number().int().nonnegative(),
  /** There is more than one request takes: ask again. */
  more: z.boolean(),
});
export type RecoverResponse = z.infer<typeof recoverResponse>;
