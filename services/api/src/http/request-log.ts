/** One line per request, with its scrubbed path: never a body, a header, a query or a capture secret. */
import type { CodedError, ErrorCode } from '@livegate/domain/errors';
import { SandboxError } from '@livegate/domain/sandbox';
import type { Logger } from '@livegate/telemetry/logger';
import { scrubPath } from '@livegate/telemetry/redact';
import type { RequestHandler, Response } from 'express';
import { referenceOf } from './reference.ts';

const OURS: ReadonlySet<ErrorCode> = new Set(['internal', 'unavailable']);

export function logRequests(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    response.once('close', () => {
      const error = response.locals.error as CodedError | undefined;
      const isOurs = error !== undefined && OURS.has(error.code) && !(error instanceof SandboxError);
      logger[isOurs && error.code === 'internal' ? 'error' : 'info']('request', {
        method: request.method,
        path: scrubPath(request.originalUrl),
        status: response.statusCode,
        ms: Math.round(performance.now() - startedAt),
        aborted: !response.writableFinished,
        reference: referenceOf(response),
        code: error?.code,
        // The cause of a refusal is the caller's input; only our own failures are worth a stack.
        ...(isOurs ? { error } : {}),
      });
    });
    next();
  };
}

/** Leaves the error for the request's line. */
export function noteError(response: Response, error: CodedError): void {
  response.locals.error = error;
}
