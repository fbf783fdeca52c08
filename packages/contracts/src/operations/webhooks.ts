/** Our own rows about webhooks: events and their deliveries, account-level endpoints, and what a receiver has to know. */
import { RETRY_DELAYS_SECONDS } from '@livegate/domain/retry-schedule';
import { EVENT_TYPES } from '@livegate/domain/webhook-events';
import {
  createEndpointRequest,
  endpointListResponse,
  endpointResponse,
  endpointWithSecretResponse,
  rotateSecretRequest,
  rotateSecretResponse,
  updateEndpointRequest,
} from '../endpoints.ts';
import {
  deliveryListResponse,
  eventListResponse,
  eventResponse,
  recoverRequest,
  recoverResponse,
  replayRequest,
  replayResponse,
} from '../events.ts';
import { metaResponse } from '../meta.ts';
import { EXAMPLE_REFERENCE, type Operation, type Parameter, problemAnswers } from './operation.ts';
import { ok, WITH_BODY, WITH_KEY } from './usual-answers.ts';

const EVENT_ID = 'evt_Jk3w8m2TqVb0yR5nXc7dLp1aZs';
const DELIVERY_ID = 'dlv_p0Zr3XbQ8mYt5LkV2nHs7JcW1u';
const ENDPOINT_ID = 'wep_9fGh4eUo6iKtNvBQaZs1dLp7Xc';
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=';

const everywhere = {
  ...WITH_KEY,
  live_key_required: 'Test keys have no events and no endpoints here: use a live key.',
  // A scenario header on a live key, on any of them.
  invalid_request: 'X-Sandbox-Scenario is for test keys only.',
} as const;
const withBody = { ...everywhere, ...WITH_BODY } as const;
const badPath = { invalid_request: 'The path is not valid.' } as const;
const noEvent = { unknown_event: 'There is no such event.' } as const;
const noEndpoint = { unknown_endpoint: 'There is no such webhook endpoint.' } as const;

const pathId = (name: string, example: string): Parameter => ({
  in: 'path',
  name,
  required: true,
  description: `Begins with \`${example.slice(0, 4)}\`.`,
  schema: { type: 'string' },
  example,
});
const eventId = pathId('eventId', EVENT_ID);
const endpointId = pathId('endpointId', ENDPOINT_ID);

const query = (name: string, description: string, schema: Record<string, unknown>): Parameter => ({
  in: 'query',
  name,
  required: false,
  description,
  schema,
});
const page = [
  query('limit', 'How many at the most.', { type: 'integer', minimum: 1, maximum: 100, default: 20 }),
  query('cursor', 'The `next_cursor` of the page before.', { type: 'string' }),
];

const event = {
  id: EVENT_ID,
  type: 'complete',
  token: 'u2Qe8C9vYl1kP4a7bD6fT3mN9xR5sZ0q',
  reference: EXAMPLE_REFERENCE,
  sequence: 1,
  created_at: '2026-01-01T12:00:07.314Z',
};
const delivery = {
  id: DELIVERY_ID,
  event_id: EVENT_ID,
  endpoint_id: null,
  origin: 'https://example.com',
  state: 'delivered',
  attempts_made: 1,
  created_at: '2026-01-01T12:00:07.314Z',
  next_attempt_at: null,
  delivered_at: '2026-01-01T12:00:07.911Z',
  dead_at: null,
  dead_reason: null,
};
const attempt = {
  number: 1,
  manual: false,
  started_at: '2026-01-01T12:00:07.402Z',
  elapsed_ms: 509,
  outcome: 'delivered',
  status: 200,
  error_code: null,
  dialled_address: '93.184.215.14',
  path_hash: 'b8a3c1f0d9e2',
  response: 'ok',
  next_attempt_at: null,
};
const endpoint = {
  id: ENDPOINT_ID,
  url: 'https://example.com/webhooks',
  description: 'Production',
  events: ['complete', 'failed'],
  disabled: false,
  created_at: '2026-01-01T12:00:00.000Z',
  updated_at: '2026-01-01T12:00:00.000Z',
};

const own = { tag: 'Webhooks', security: ['bearer'] } as const;

export const webhookOperations: Operation[] = [
  {
    ...own,
    id: 'createWebhookEndpoint',
    method: 'post',
    path: '/webhook_endpoints',
    summary: 'Create an endpoint',
    description:
      'An address that hears of all hosted checks of the client, beside the `webhook_url` of each. Its secret is shown once. No `events`, or an empty list: all.',
    parameters: [
      {
        in: 'header',
        name: 'Idempotency-Key',
        required: false,
        description:
          'For 24 hours a repeated request with it is answered as the first was, and makes no second endpoint.',
        schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
      },
    ],
    request: {
      type: 'application/json',
      schema: createEndpointRequest.meta({ id: 'CreateEndpointRequest' }),
      examples: {
        least: { url: endpoint.url },
        all: { url: endpoint.url, description: endpoint.description, events: endpoint.events },
      },
    },
    answers: {
      201: {
        ...ok('The endpoint was created.', endpointWithSecretResponse.meta({ id: 'EndpointWithSecret' }), {
          ...endpoint,
          secret: SECRET,
        }),
        headers: ['X-Request-ID', 'Cache-Control', 'Location', 'Idempotent-Replayed'],
      },
      ...problemAnswers({
        ...withBody,
        too_many_endpoints: 'There are 10 endpoints already: delete one first.',
        idempotency_in_flight: 'A request with this Idempotency-Key is under way.',
        idempotency_mismatch: 'This Idempotency-Key was used for a different request.',
      }),
    },
  },
  {
    ...own,
    id: 'listWebhookEndpoints',
    method: 'get',
    path: '/webhook_endpoints',
    summary: 'List the endpoints',
    description: 'Never with their secrets.',
    answers: {
      200: ok('All of them.', endpointListResponse.meta({ id: 'EndpointList' }), { endpoints: [endpoint] }),
      ...problemAnswers(everywhere),
    },
  },
  {
    ...own,
    id: 'getWebhookEndpoint',
    method: 'get',
    path: '/webhook_endpoints/{endpointId}',
    summary: 'Get an endpoint',
    description: 'Never with its secret.',
    parameters: [endpointId],
    answers: {
      200: ok('The endpoint.', endpointResponse.meta({ id: 'Endpoint' }), endpoint),
      ...problemAnswers({ ...everywhere, ...badPath, ...noEndpoint }),
    },
  },
  {
    ...own,
    id: 'updateWebhookEndpoint',
    method: 'patch',
    path: '/webhook_endpoints/{endpointId}',
    summary: 'Change an endpoint',
    description:
      'What is left out stays. Disabling ends what still waits for the endpoint; it can be recovered after enabling.',
    parameters: [endpointId],
    request: {
      type: 'application/json',
      schema: updateEndpointRequest.meta({ id: 'UpdateEndpointRequest' }),
      examples: { description: { description: 'Staging' }, disable: { disabled: true } },
    },
    answers: {
      200: ok('The endpoint as it is now.', endpointResponse.meta({ id: 'Endpoint' }), endpoint),
      ...problemAnswers({ ...withBody, ...noEndpoint }),
    },
  },
  {
    ...own,
    id: 'rotateEndpointSecret',
    method: 'post',
    path: '/webhook_endpoints/{endpointId}/rotate_secret',
    summary: "Rotate an endpoint's secret",
    description:
      'A new secret at once; the old one signs beside it for `overlap_seconds`. After a leak: 0, and the old secrets sign nothing more.',
    parameters: [endpointId],
    request: {
      type: 'application/json',
      schema: rotateSecretRequest.meta({ id: 'RotateSecretRequest' }),
      examples: { leak: { overlap_seconds: 0 } },
      optional: true,
    },
    answers: {
      201: ok('The new secret, shown once.', rotateSecretResponse.meta({ id: 'RotatedSecret' }), {
        id: ENDPOINT_ID,
        secret: SECRET,
      }),
      ...problemAnswers({
        ...withBody,
        ...noEndpoint,
        too_many_secrets:
          '4 older secrets still sign. Wait until one of them ends, or end them with overlap_seconds 0.',
      }),
    },
  },
  {
    ...own,
    id: 'deleteWebhookEndpoint',
    method: 'delete',
    path: '/webhook_endpoints/{endpointId}',
    summary: 'Delete an endpoint',
    description: 'Ends what still waits for it.',
    parameters: [endpointId],
    answers: {
      204: { description: 'It is gone.', headers: ['X-Request-ID'], content: null },
      ...problemAnswers({ ...everywhere, ...badPath, ...noEndpoint }),
    },
  },
  {
    ...own,
    id: 'listEvents',
    method: 'get',
    path: '/events',
    summary: 'List events',
    description: 'Newest first.',
    parameters: [
      ...page,
      query('type', 'Only of this type.', { type: 'string', enum: [...EVENT_TYPES] }),
      query('since', 'From this time on.', { type: 'string', format: 'date-time' }),
      query('until', 'Before this time.', { type: 'string', format: 'date-time' }),
    ],
    answers: {
      200: ok('A page.', eventListResponse.meta({ id: 'EventList' }), { events: [event], next_cursor: null }),
      ...problemAnswers({ ...everywhere, invalid_request: 'cursor must be the next_cursor of a page.' }),
    },
  },
  {
    ...own,
    id: 'getEvent',
    method: 'get',
    path: '/events/{eventId}',
    summary: 'Get an event, with the log of its deliveries',
    description: 'What a receiver answered is kept for 30 days, without secrets.',
    parameters: [eventId],
    answers: {
      200: ok('The event.', eventResponse.meta({ id: 'Event' }), {
        ...event,
        deliveries: [{ ...delivery, attempts: [attempt] }],
      }),
      ...problemAnswers({ ...everywhere, ...badPath, ...noEvent }),
    },
  },
  {
    ...own,
    id: 'replayEvent',
    method: 'post',
    path: '/events/{eventId}/replay',
    summary: 'Tell an event again',
    description: 'Under its old id: all of its deliveries, or one.',
    parameters: [eventId],
    request: {
      type: 'application/json',
      schema: replayRequest.meta({ id: 'ReplayRequest' }),
      examples: { all: {}, one: { delivery_id: DELIVERY_ID } },
      optional: true,
    },
    answers: {
      202: ok('They are on their way.', replayResponse.meta({ id: 'Replayed' }), {
        event_id: EVENT_ID,
        delivery_ids: [DELIVERY_ID],
      }),
      ...problemAnswers({
        ...withBody,
        ...noEvent,
        nothing_to_replay:
          'The event has no delivery that can be made again: none was asked for, its endpoint is disabled or deleted, or it is older than 30 days.',
      }),
    },
  },
  {
    ...own,
    id: 'recoverEvents',
    method: 'post',
    path: '/events/recover',
    summary: 'Tell the events of a time range again',
    description: 'After a receiver was away. Up to 1,000 deliveries a request; `more` says to ask again.',
    request: {
      type: 'application/json',
      schema: recoverRequest.meta({ id: 'RecoverRequest' }),
      examples: { dead: { since: '2026-01-01T00:00:00.000Z', which: 'dead' } },
    },
    answers: {
      202: ok('They are on their way.', recoverResponse.meta({ id: 'Recovered' }), { recovered: 12, more: false }),
      ...problemAnswers(withBody),
    },
  },
  {
    ...own,
    id: 'listDeliveries',
    method: 'get',
    path: '/deliveries',
    summary: 'List deliveries',
    description: 'Newest first; `state=dead` are the dead letters.',
    parameters: [
      ...page,
      query('state', 'Only in this state.', { type: 'string', enum: ['due', 'delivered', 'dead'] }),
    ],
    answers: {
      200: ok('A page.', deliveryListResponse.meta({ id: 'DeliveryList' }), {
        deliveries: [delivery],
        next_cursor: null,
      }),
      ...problemAnswers({ ...everywhere, invalid_request: 'cursor must be the next_cursor of a page.' }),
    },
  },
  {
    ...own,
    id: 'showMeta',
    method: 'get',
    path: '/meta',
    summary: "What a receiver's operator has to know",
    description: 'Needs no key: where webhooks come from, and when they are tried again.',
    security: [],
    answers: {
      200: ok('How webhooks are sent.', metaResponse.meta({ id: 'Meta' }), {
        product: 'Livegate',
        version: '0.1.0',
        egress_addresses: ['203.0.113.7'],
        webhooks: {
          retry_delays_seconds: [...RETRY_DELAYS_SECONDS],
          attempts: RETRY_DELAYS_SECONDS.length,
          deadline_seconds: 15,
          replay_window_days: 30,
          signature_headers: ['Signature', 'webhook-id', 'webhook-timestamp', 'webhook-signature'],
        },
      }),
    },
  },
];
