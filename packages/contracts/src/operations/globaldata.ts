/** GlobalData's rows: vendor documents 000 and 001. */
import {
  createRequest,
  createResponse,
  errorResponse,
  expiredResponse,
  resultResponse,
  waitingResponse,
} from '../globaldata.ts';
import {
  type Answer,
  EXAMPLE_RECEIPT,
  EXAMPLE_REFERENCE,
  errorAnswers,
  type Operation,
  personHeader,
} from './operation.ts';

const TOKEN = 'u2Qe8C9vYl1kP4a7bD6fT3mN9xR5sZ0q';

const refusals = errorAnswers(
  {
    schema: errorResponse,
    body: ({ code, message }) => ({ error: { code, message }, reference: EXAMPLE_REFERENCE }),
  },
  {
    401: {
      description: 'No valid key.',
      headers: ['WWW-Authenticate'],
      examples: [
        { code: 'unauthenticated', message: 'A valid API key is required.' },
        { code: 'key_not_usable', message: 'The API key is no longer valid.' },
      ],
    },
    429: {
      description: 'A limit of the key or the client is exceeded.',
      examples: [
        { code: 'rate_limited', message: 'Too many requests; please slow down.' },
        { code: 'quota_exceeded', message: "The client's checks of this month are used up." },
        {
          code: 'too_many_open_checks',
          message: 'As many checks are open as the client may have; wait for one to end.',
        },
        {
          code: 'too_many_failures',
          message: 'There were too many failed attempts in a short time; please wait.',
        },
      ],
    },
    500: {
      description: 'An unexpected failure.',
      examples: [{ code: 'internal', message: 'An unexpected failure; quote the reference.' }],
    },
    503: {
      description: 'Not available now.',
      examples: [
        { code: 'unavailable', message: 'Please try again shortly.' },
        { code: 'overloaded', message: 'More work is waiting than can be done in time; please try again shortly.' },
      ],
    },
  },
);

const invalid = (
  description: string,
  examples: Record<string, { code: string; message: string; field?: string }>,
): Answer => ({
  description,
  headers: ['X-Request-ID'],
  content: {
    type: 'application/json',
    schema: errorResponse,
    examples: Object.fromEntries(
      Object.entries(examples).map(([name, error]) => [name, { error, reference: EXAMPLE_REFERENCE }]),
    ),
  },
});

export const globaldataOperations: Operation[] = [
  {
    id: 'createLivenessCheck',
    method: 'post',
    path: '/liveness_check',
    tag: 'GlobalData',
    summary: 'Create a liveness check',
    description:
      'Makes a link to the capture page. Give `url` to the person; keep `token` to fetch the result and `secret` to verify webhooks. Unknown keys are ignored; bounds are refused, never clamped.',
    security: ['bearer'],
    parameters: [
      {
        in: 'header',
        name: 'Idempotency-Key',
        required: false,
        description:
          'Any text of yours, 1 to 255 printable characters. For 24 hours a repeated request with it is answered as the first was, and makes no second check.',
        schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
      },
      personHeader,
    ],
    request: {
      type: 'application/json',
      schema: createRequest,
      examples: {
        all: {
          return_url: 'https://example.com/return',
          webhook_url: 'https://example.com/webhook',
          link_valid_mins: 10,
          threshold: 70,
          audit_images: 2,
        },
        least: { return_url: 'https://example.com/return' },
        still: { return_url: 'https://example.com/return', challenge: 'none' },
      },
    },
    answers: {
      201: {
        description: 'The check was created.',
        headers: ['X-Request-ID', 'Location', 'Idempotent-Replayed', 'Cache-Control'],
        content: {
          type: 'application/json',
          schema: createResponse,
          examples: {
            created: {
              token: TOKEN,
              url: 'https://livegate.example.com/c/Jk3w8m2TqVb0yR5nXc7dLp1aZs9fGh4eUo6iKtNvB_Q',
              secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=',
              webhook_url: 'https://example.com/webhook',
              reference: EXAMPLE_REFERENCE,
            },
          },
        },
      },
      400: invalid('A field is missing, of the wrong type or out of bounds, or the body is not JSON.', {
        missing: { code: 'invalid_request', message: 'return_url is required.', field: 'return_url' },
        out_of_bounds: {
          code: 'invalid_request',
          message: 'threshold must be an integer from 0 to 99.',
          field: 'threshold',
        },
        not_json: { code: 'malformed_body', message: 'The body is not valid JSON.' },
      }),
      409: invalid('The first request with this `Idempotency-Key` is still under way.', {
        in_flight: {
          code: 'idempotency_in_flight',
          message: 'A request with this Idempotency-Key is under way.',
        },
      }),
      413: invalid('The body is larger than 64 KB.', {
        too_large: { code: 'body_too_large', message: 'The body is larger than this route accepts.' },
      }),
      422: invalid('The `Idempotency-Key` was used for a different request.', {
        mismatch: {
          code: 'idempotency_mismatch',
          message: 'This Idempotency-Key was used for a different request.',
        },
      }),
      ...refusals,
    },
  },
  {
    id: 'retrieveLivenessCheck',
    method: 'get',
    path: '/liveness_check',
    tag: 'GlobalData',
    summary: 'Retrieve a check, or where it stands',
    description:
      'Idempotent and safe to poll: begin at 2 to 3 seconds, back off, stop at 200 or 410. A check that failed is a 200 with `passed: false`. Images are there for about 30 minutes after the end, the result stays.',
    security: ['bearer'],
    parameters: [
      {
        in: 'query',
        name: 'token',
        required: false,
        description: 'From the create answer. Required, unless it comes as `X-Check-Token`.',
        schema: { type: 'string' },
        example: TOKEN,
      },
      {
        in: 'header',
        name: 'X-Check-Token',
        required: false,
        description: "The token again: a query ends up in other people's logs, a header does not.",
        schema: { type: 'string' },
      },
    ],
    answers: {
      200: {
        description: 'The check has ended with a result (`complete`), or without one (`failed`).',
        headers: ['X-Request-ID', 'Cache-Control'],
        content: {
          type: 'application/json',
          schema: resultResponse,
          examples: {
            passed: {
              status: 'complete',
              token: TOKEN,
              reference: EXAMPLE_REFERENCE,
              result: {
                passed: true,
                confidence: 98.41,
                threshold: 70,
                checked_at: '2026-01-01T12:00:07.314Z',
                reasons: [],
                bounding_box: { left: 0.31, top: 0.18, width: 0.38, height: 0.52 },
                image: 'data:image/jpeg;base64,/9j/4AAQSkZJRg==',
                challenge: 'turn',
                risk_signals: [],
                model_profile: 'default',
                receipt: EXAMPLE_RECEIPT,
              },
            },
            attack: {
              status: 'complete',
              token: TOKEN,
              reference: EXAMPLE_REFERENCE,
              result: {
                passed: false,
                confidence: 3.02,
                threshold: 70,
                checked_at: '2026-01-01T12:00:07.314Z',
                reasons: ['PRESENTATION_ATTACK'],
                challenge: 'turn',
                risk_signals: [],
                model_profile: 'default',
                receipt: EXAMPLE_RECEIPT,
                images_expired_at: '2026-01-01T12:30:07.314Z',
              },
            },
            failed: {
              status: 'failed',
              token: TOKEN,
              reference: EXAMPLE_REFERENCE,
              result: {
                passed: false,
                confidence: 0,
                threshold: 70,
                checked_at: '2026-01-01T12:00:07.314Z',
                reasons: ['NO_FACE'],
                challenge: 'turn',
                risk_signals: [],
              },
              failure_reason: 'attempts_exhausted',
            },
          },
        },
      },
      202: {
        description: 'Not started, or under way: ask again.',
        headers: ['X-Request-ID', 'Retry-After', 'Cache-Control'],
        content: {
          type: 'application/json',
          schema: waitingResponse,
          examples: {
            pending: { status: 'pending', token: TOKEN, reference: EXAMPLE_REFERENCE },
            in_progress: { status: 'in_progress', token: TOKEN, reference: EXAMPLE_REFERENCE },
          },
        },
      },
      400: invalid("The token is missing, unknown or another client's.", {
        unknown: { code: 'unknown_token', message: 'The token is not valid.', field: 'token' },
        missing: { code: 'invalid_request', message: 'token is required, once.', field: 'token' },
      }),
      410: {
        description: 'The link expired without a submission.',
        headers: ['X-Request-ID', 'Cache-Control'],
        content: {
          type: 'application/json',
          schema: expiredResponse,
          examples: { expired: { status: 'expired', reference: EXAMPLE_REFERENCE } },
        },
      },
      ...refusals,
    },
  },
];
