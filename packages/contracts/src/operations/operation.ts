/** What a row of the table of operations says: who may call what, with which body, and every answer there is. */

import type { ErrorCode } from '@livegate/domain/errors';
import { SCENARIOS } from '@livegate/domain/sandbox';
import type { z } from 'zod';
import { PROBLEMS, problem } from '../problems.ts';

export const TAGS = {
  GlobalData: 'A hosted check: create a link, let the person follow it, fetch the result.',
  Verifik: 'One image, one answer; JSON. The score must be greater than the threshold.',
  Kairos: 'One image, one answer; multipart form. The score must reach the threshold.',
  Smartcomply: 'One image, one answer; JSON. The score must reach 0.6.',
  Capture: 'What the hosted capture page says to the server. For those who build a page of their own.',
  Sandbox: 'What a test key can ask for, and where a person chooses it.',
  Webhooks: 'Endpoints that hear of every check, events and their deliveries: look, tell again, recover.',
  Records: 'What is kept: take out all of a check, erase it or all of a person, verify what was signed.',
  Reviews: 'Uncertain verdicts, for people who look at pictures without knowing what was decided.',
  Health: 'For load balancers and orchestrators. No key.',
  Description: 'This description, for people and for programs.',
} as const;
export type Tag = keyof typeof TAGS;

/** How each contract carries the key. All schemes of a row are needed together. */
export const SECURITY_SCHEMES = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description: 'The whole API key (`lv_live_…`, or `lv_test_…` in the sandbox).',
  },
  appId: {
    type: 'apiKey',
    in: 'header',
    name: 'app_id',
    description: 'The id of the API key: what stands between `lv_live_` and the next `_`. Also as `app-id`.',
  },
  appKey: {
    type: 'apiKey',
    in: 'header',
    name: 'app_key',
    description: 'The whole API key, or what follows its id. Also as `app-key`.',
  },
  accessToken: { type: 'apiKey', in: 'header', name: 'x-access-token', description: 'The whole API key.' },
  captureSession: {
    type: 'apiKey',
    in: 'header',
    name: 'x-capture-session',
    description: 'The `session` that start returned.',
  },
} as const;
export type SecurityScheme = keyof typeof SECURITY_SCHEMES;

/** Headers of answers; `required`: whoever lists it always sends it. */
export const ANSWER_HEADERS = {
  'X-Request-ID': {
    required: true,
    description: "The check's reference where the answer speaks of one, else this request's.",
    schema: { type: 'string', format: 'uuid' },
  },
  'X-Liveness-Reason': {
    required: false,
    description:
      'Why it did not pass: codes of the table of reasons, separated by a comma and a space. Absent when it passed.',
    schema: { type: 'string', pattern: '^[A-Z_]+(, [A-Z_]+)*$' },
  },
  'X-Liveness-Risk': {
    required: false,
    description:
      'Risk signals, separated by a comma and a space, as `IMAGE_REUSED`: the image was in another check of the last day. What they yield is the policy of the client.',
    schema: { type: 'string', pattern: '^[A-Z_]+(, [A-Z_]+)*$' },
  },
  'X-Liveness-Review': {
    required: false,
    description: 'Present when the client wants a person to look at checks with such signals.',
    schema: { type: 'string', const: 'true' },
  },
  'X-Liveness-Receipt': {
    required: false,
    description: 'The signed decision receipt, a compact JWS. None in the sandbox.',
    schema: { type: 'string', pattern: '^[\\w-]+\\.[\\w-]+\\.[\\w-]+$' },
  },
  'Retry-After': {
    required: true,
    description: 'Seconds to wait before asking again.',
    schema: { type: 'string', pattern: '^[0-9]+$' },
  },
  'X-Sandbox': {
    required: false,
    description: 'Present on every answer to a test key: nothing of it is real.',
    schema: { type: 'string', const: 'true' },
  },
  'X-Sandbox-Scenario': {
    required: false,
    description: 'The scenario that was played.',
    schema: { type: 'string', enum: Object.keys(SCENARIOS) },
  },
  Location: { required: true, description: 'Where what was made can be retrieved.', schema: { type: 'string' } },
  'Idempotent-Replayed': {
    required: false,
    description: 'Present when the answer is that of an earlier request with the same `Idempotency-Key`.',
    schema: { type: 'string', const: 'true' },
  },
  'WWW-Authenticate': {
    required: true,
    description: 'The scheme to authenticate with.',
    schema: { type: 'string', const: 'Bearer' },
  },
  'Cache-Control': { required: true, description: 'How long the answer may be kept.', schema: { type: 'string' } },
  ETag: { required: true, description: 'Changes with the content.', schema: { type: 'string' } },
} as const;
export type AnswerHeader = keyof typeof ANSWER_HEADERS;

export type Example = unknown;

export type Answer = {
  description: string;
  headers?: readonly AnswerHeader[];
  /** Null: no body. */
  content: { type: string; schema: z.ZodType; examples: Record<string, Example> } | null;
};

export type Parameter = {
  in: 'path' | 'query' | 'header';
  name: string;
  required: boolean;
  description: string;
  schema: Readonly<Record<string, unknown>>;
  example?: string | number;
};

/** On every operation that makes a check. */
export const personHeader: Parameter = {
  in: 'header',
  name: 'X-Person-Reference',
  required: false,
  description:
    'Whom the check is about, in your words; only a keyed hash is kept. By it `POST /erasures` finds the check, and who fails too often within a short time has to wait. UTF-8; sent once.',
  schema: { type: 'string', minLength: 1, maxLength: 200 },
};

export type Operation = {
  id: string;
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** With OpenAPI's `{parameters}`. */
  path: string;
  tag: Tag;
  summary: string;
  description: string;
  security: readonly SecurityScheme[];
  parameters?: readonly Parameter[];
  /** `optional`: it may be left out as a whole. */
  request?: { type: string; schema: z.ZodType; examples: Record<string, Example>; optional?: boolean };
  answers: Readonly<Record<number, Answer>>;
};

type ErrorRow = { code: ErrorCode; message: string };
type ErrorShape = { type?: string; schema: z.ZodType; body: (row: ErrorRow, status: number) => unknown };

/** The answers of one contract's error shape: status → what it means, and the codes and messages that are its examples. */
export function errorAnswers(
  { type = 'application/json', schema, body }: ErrorShape,
  rows: Readonly<Record<number, { description: string; examples: readonly ErrorRow[]; headers?: Answer['headers'] }>>,
): Record<number, Answer> {
  return Object.fromEntries(
    Object.entries(rows).map(([status, { description, examples, headers = [] }]) => [
      status,
      {
        description,
        headers: ['X-Request-ID', ...(['429', '503'].includes(status) ? (['Retry-After'] as const) : []), ...headers],
        content: {
          type,
          schema,
          examples: Object.fromEntries(examples.map((row) => [row.code, body(row, Number(status))])),
        },
      },
    ]),
  );
}

/** The form of a signed statement; this one is signed by nobody. */
export const EXAMPLE_RECEIPT = 'eyJhbGciOiJFZERTQSJ9.eyJ2ZXJzaW9uIjoxfQ.c2lnbmVkIGJ5IG5vYm9keQ';
export const EXAMPLE_REFERENCE = '9b2f1c1e-5d4a-4a6e-8a0e-1f2b3c4d5e6f';

/** RFC 9457, the errors of our own routes; each example is of a code with its own status. */
export function problemAnswers(rows: Readonly<Partial<Record<ErrorCode, string>>>): Record<number, Answer> {
  const byStatus: Record<number, ErrorRow[]> = {};
  for (const [code, message] of Object.entries(rows) as [ErrorCode, string][]) {
    const { status } = PROBLEMS[code];
    byStatus[status] = [...(byStatus[status] ?? []), { code, message }];
  }
  return errorAnswers(
    {
      type: 'application/problem+json',
      schema: problem,
      body: ({ code, message }, status) => ({
        type: `urn:livegate:problem:${code}`,
        title: PROBLEMS[code].title,
        status,
        code,
        detail: message,
        reference: EXAMPLE_REFERENCE,
      }),
    },
    Object.fromEntries(
      Object.entries(byStatus).map(([status, examples]) => [
        status,
        {
          description: examples.map(({ code }) => `${PROBLEMS[code].title} (\`${code}\`).`).join(' '),
          examples,
          ...(status === '401' ? { headers: ['WWW-Authenticate' as const] } : {}),
        },
      ]),
    ),
  );
}
