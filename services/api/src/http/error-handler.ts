/** The one place where a thrown error becomes an answer: coded, noted for the log line, then written in a contract's shape. */
import type { CodedError } from '@livegate/domain/errors';
import type { ErrorRequestHandler, Response } from 'express';
import { discardBody } from './discard-body.ts';
import { toCodedError } from './error-code.ts';
import { noteError } from './request-log.ts';

/** Makes Express's error handler of a function that writes one contract's error body. */
export function errorHandler(write: (error: CodedError, response: Response) => void): ErrorRequestHandler {
  // biome-ignore lint/complexity/useMaxParams: Express knows an error handler by its four parameters
  return (thrown, request, response, next) => {
    const error = toCodedError(thrown);
    noteError(response, error);
    if (response.headersSent) return next(thrown);
    discardBody(request, response);
    write(error, response);
  };
}
