/** What the rows of our own routes have in common: the answer when all is well, and the problems that any of them can meet. */
import type { z } from 'zod';
import type { Answer, Example, Parameter } from './operation.ts';

/** A JSON answer that no cache keeps. */
export function ok(description: string, schema: z.ZodType, example: Example): Answer {
  return okInCases(description, schema, { example });
}

/** The same, with an example of each case. */
export function okInCases(description: string, schema: z.ZodType, examples: Record<string, Example>): Answer {
  return {
    description,
    headers: ['X-Request-ID', 'Cache-Control'],
    content: { type: 'application/json', schema, examples },
  };
}

export const ANY_ROUTE = {
  rate_limited: 'Too many requests; please slow down.',
  internal: 'An unexpected failure; quote the reference.',
  unavailable: 'Please try again shortly.',
} as const;

export const WITH_KEY = {
  ...ANY_ROUTE,
  unauthenticated: 'A valid API key is required.',
  key_not_usable: 'The API key is no longer valid.',
} as const;

export const WITH_BODY = {
  invalid_request: 'The body is not valid.',
  malformed_body: 'The body is not valid JSON.',
  body_too_large: 'The body is larger than this route accepts.',
  unsupported_media_type: 'The body must be JSON, with Content-Type: application/json.',
} as const;

/** Of a check's link: what whoever has it may see and do. */
export const linkSecret: Parameter = {
  in: 'path',
  name: 'secret',
  required: true,
  description: "The last part of the check's `url`.",
  schema: { type: 'string' },
  example: 'Jk3w8m2TqVb0yR5nXc7dLp1aZs9fGh4eUo6iKtNvB_Q',
};
