/** The console's own protocol, internal to this repository: signing in, and who is signed in. */
import { OPERATOR_ROLES } from '@livegate/domain/operator-roles';
import { z } from 'zod';

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
