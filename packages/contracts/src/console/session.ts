/** The console's own protocol, internal to this repository: signing in, and who is signed in. */
import { OPERATOR_ROLES } from '@livegate/domain/operator-roles';
import { z } from 'zod';

/**
 * Every request of the console carries it, which no form and no other site can send unasked. `present`: the person did
 * something within the last minute; `away`: the page asks by itself, and the session goes on to its idle end.
 */
export const CONSOLE_HEADER = 'X-Livegate-Console';

export const signInRequest = z.strictObject({
  name: z.string().trim().toLowerCase().min(1, 'is missing').max(40, 'is too long'),
  password: z.string().min(1, 'is missing').max(200, 'is too long'),
});

export const sessionAnswer = z.strictObject({
  name: z.string(),
  role: z.enum(OPERATOR_ROLES),
  seesImages: z.boolean(),
  endsAt: z.iso.datetime(),
  /** With `{trace_id}` in it; null where traces are not linked. */
  traceUrl: z.string().nullable(),
  /** BullMQ's own board, where the queue is on Redis. */
  boardUrl: z.string().nullable(),
});
export type SessionAnswer = z.infer<typeof sessionAnswer>;
