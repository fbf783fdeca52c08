/** The one place where a thrown error becomes an answer: coded, noted for the log line, then written in a contract's shape. */
import type { CodedError, ErrorCode } from '@livegate/domain/errors';
import type { ErrorRequestHandler, Response } from 'express';
import { discardBody } from './discard-body.ts';
import { toCodedError } from './error-code.ts';
import { noteError } from './request-log.ts';

// When it is worth trying again, where the error itself does not know.
const RETRY_AFTER_SECONDS: Partial<Record<ErrorCode, number>> = {
  rate_limited: 1,
  too_many_failures: 60,
  quota_exceeded: 3_600,
  too_many_open_checks: 2,
  idempotency_in_flight: 1,
  overloaded: 2,
  deadline: 2,
  unavailable: 2,
};

/** Makes Express's error handler of a function that writes one contract's error body. */
export function errorHandler(write: (error: CodedError, response: Response) => void): ErrorRequestHandler {
  // biome-ignore lint/complexity/useMaxParams: Express knows an error handler by its four parameters
  return (thrown, request, response, next) => {
    const error = toCodedError(thrown);
    noteError(response, error);
    if (response.headersSent) return next(thrown);
    discardBody(request, response);
    const seconds = error.retryAfterSeconds ?? RETRY_AFTER_SECONDS[error.code];
    if (seconds !== undefined) response.set('Retry-After', String(seconds));
    write(error, response);
  };
}
