/** The body of a webhook: thin (no score, no image), so that nobody trusts the push. The receiver calls GET. */
import { EVENT_TYPES, type EventType } from '@livegate/domain/webhook-events';
import { z } from 'zod';

export const webhookEvent = z
  .object({
    id: z.string().startsWith('evt_').meta({ description: 'Dedupe by it: an event may arrive more than once.' }),
    event: z.enum(EVENT_TYPES).meta({
      description:
        'How the check ended. Endpoints that name them are told of `opened`, `in_progress` and `cancelled`, too.',
    }),
    token: z.string().meta({ description: 'Of the check: call `GET /liveness_check` with it.' }),
    reference: z.uuidv4(),
    created_at: z.iso.datetime({ precision: 3 }),
    sequence: z.number().int().positive().meta({ description: "The event's place among those of its check." }),
  })
  .meta({ id: 'WebhookEvent' });
export type WebhookEvent = z.infer<typeof webhookEvent>;

type Facts = { id: string; event: EventType; token: string; reference: string; createdAt: Date; sequence: number };

/** The exact bytes to store, sign and send. */
export function webhookBody({ createdAt, ...facts }: Facts): Buffer {
  const { id, event, token, reference, sequence } = facts;
  const body: WebhookEvent = { id, event, token, reference, created_at: createdAt.toISOString(), sequence };
  return Buffer.from(JSON.stringify(body));
}
