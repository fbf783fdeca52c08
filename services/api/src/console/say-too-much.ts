/** A question that took longer than the console's three seconds: said as such, and not as a failure of ours. */
import { CodedError } from '@livegate/domain/errors';
import type { ErrorRequestHandler } from 'express';

// biome-ignore lint/complexity/useMaxParams: Express knows an error handler by its four parameters
export const sayTooMuch: ErrorRequestHandler = (thrown, _request, _response, next) =>
  next(
    isStopped(thrown)
      ? new CodedError('deadline', 'This took too long to find: ask for less.', { cause: thrown })
      : thrown,
  );

/** Whether Postgres stopped a statement (query_canceled). */
export function isStopped(thrown: unknown): boolean {
  return (thrown as { code?: unknown } | null)?.code === '57014';
}
