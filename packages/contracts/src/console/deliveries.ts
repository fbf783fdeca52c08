/** The console's deliveries: all clients', newest first, and one event's with the log of attempts. */
import { z } from 'zod';

const time = z.iso.datetime();
const state = z.enum(['due', 'delivered', 'dead']);

export const listDeliveriesQuery = z.strictObject({ state: state.optional(), cursor: z.string().max(100).optional() });

export const deliveryRow = z.strictObject({
  id: z.string(),
  eventId: z.string(),
  eventType: z.string(),
  reference: z.string(),
  clientName: z.string(),
  endpointId: z.string().nullable(),
  origin: z.string(),
  state,
  attemptsMade: z.number().int(),
  createdAt: time,
  nextAttemptAt: time.nullable(),
  deliveredAt: time.nullable(),
  deadAt: time.nullable(),
  deadReason: z.string().nullable(),
});
export type DeliveryRow = z.infer<typeof deliveryRow>;

export const deliveryListAnswer = z.strictObject({
  deliveries: z.array(deliveryRow),
  nextCursor: z.string().nullable(),
});
export type DeliveryListAnswer = z.infer<typeof deliveryListAnswer>;

export const eventAnswer = z.strictObject({
  deliveries: z.array(
    z.strictObject({
      ...deliveryRow.shape,
      attempts: z.array(
        z.strictObject({
          number: z.number().int(),
          manual: z.boolean(),
          startedAt: time,
          elapsedMs: z.number().int(),
          outcome: z.enum(['delivered', 'retry', 'dead']),
          status: z.number().int().nullable(),
          errorCode: z.string().nullable(),
          dialledAddress: z.string().nullable(),
          response: z.string().nullable(),
          nextAttemptAt: time.nullable(),
        }),
      ),
    }),
  ),
});
export type EventAnswer = z.infer<typeof eventAnswer>;

export const replayDeliveryRequest = z.strictObject({ deliveryId: z.string().max(40).optional() });
export const replayAnswer = z.strictObject({ deliveryIds: z.array(z.string()) });
export type ReplayAnswer = z.infer<typeof replayAnswer>;
