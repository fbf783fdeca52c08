/** Our own routes about account-level webhook endpoints. The secret is in the answers that make one, and nowhere else. */
import { ROTATION_OVERLAP_HOURS } from '@livegate/domain/delivery-limits';
import { EVENT_TYPES } from '@livegate/domain/webhook-events';
import { z } from 'zod';

const time = z.iso.datetime({ precision: 3 });
const events = z
  .array(z.enum(EVENT_TYPES, `must be one of ${EVENT_TYPES.join(', ')}`), 'must be a list of events')
  .max(EVENT_TYPES.length, 'must name each event once')
  .refine((names) => new Set(names).size === names.length, 'must name each event once');
const url = z.string('must be a URL');
const description = z.string('must be text').max(200, 'must be at most 200 characters');

/** `POST /webhook_endpoints`. No `events`, or an empty list: every end of a check, and no step on the way to it. */
export const createEndpointRequest = z.strictObject({
  url,
  description: description.default(''),
  events: events.default([]),
});

/** `PATCH /webhook_endpoints/{id}`: what is left out stays. */
export const updateEndpointRequest = z
  .strictObject({
    url: url.optional(),
    description: description.optional(),
    events: events.optional(),
    disabled: z.boolean('must be true or false').optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'must change something');

/** `POST /webhook_endpoints/{id}/rotate_secret`. After a leak: 0, and the old secrets sign nothing more. */
export const rotateSecretRequest = z.strictObject({
  overlap_seconds: z
    .number('must be a number of seconds')
    .int('must be a whole number of seconds')
    .min(0, 'must not be negative')
    .max(ROTATION_OVERLAP_HOURS * 3_600, `must be at most ${ROTATION_OVERLAP_HOURS} hours`)
    .default(ROTATION_OVERLAP_HOURS * 3_600),
});

export const endpointResponse = z.object({
  id: z.string().startsWith('wep_'),
  url: z.url(),
  description: z.string(),
  events: z.array(z.enum(EVENT_TYPES)),
  disabled: z.boolean(),
  created_at: time,
  updated_at: time,
});
export type EndpointResponse = z.infer<typeof endpointResponse>;

export const endpointWithSecretResponse = endpointResponse.extend({ secret: z.string().startsWith('whsec_') });
export type EndpointWithSecretResponse = z.infer<typeof endpointWithSecretResponse>;

export const endpointListResponse = z.object({ endpoints: z.array(endpointResponse) });
export type EndpointListResponse = z.infer<typeof endpointListResponse>;

export const rotateSecretResponse = z.object({
  id: z.string().startsWith('wep_'),
  secret: z.string().startsWith('whsec_'),
});
export type RotateSecretResponse = z.infer<typeof rotateSecretResponse>;
