/** One line per request, with its scrubbed path: never a body, a header, a query or a capture secret. */
import type { CodedError, ErrorCode } from '@livegate/domain/errors';
import { SandboxError } from '@livegate/domain/sandbox';
import { requestAnswered } from '@livegate/telemetry/events';
import type { Logger } from '@livegate/telemetry/logger';
import { scrubPath } from '@livegate/telemetry/redact';
import type { Request, RequestHandler, Response } from 'express';
import type { Caller } from './authenticate.ts';
import { referenceOf } from './reference.ts';

const OURS: ReadonlySet<ErrorCode> = new Set(['internal', 'unavailable']);

export function logRequests(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    response.once('close', () => {
      const error = response.locals.error as CodedError | undefined;
      const isOurs = error !== undefined && OURS.has(error.code) && !(error instanceof SandboxError);
      const milliseconds = performance.now() - startedAt;
      // A failure that the sandbox was asked for is no failure of this service.
      if (!(error instanceof SandboxError)) {
        requestAnswered({
          method: request.method,
          route: routeOf(request),
          status: response.statusCode,
          seconds: milliseconds / 1_000,
        });
      }
      logger[isOurs && error.code === 'internal' ? 'error' : 'info']('request', {
        method: request.method,
        path: scrubPath(request.originalUrl),
        status: response.statusCode,
        ms: Math.round(milliseconds),
        aborted: !response.writableFinished,
        reference: referenceOf(response),
        // Whose key: its id, which is no secret.
        key: (response.locals.caller as Caller | undefined)?.keyId,
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

/** The pattern that answered, of which there are few: a metric's label may hold neither a capture secret nor a stranger's path. */
function routeOf(request: Request): string {
  const patterns: string | string[] | undefined = request.route?.path;
  if (patterns === undefined) return 'none';
  const path = request.path.replace(/(.)\/$/, '$1').toLowerCase();
  const pattern = Array.isArray(patterns) ? (patterns.find((one) => one.toLowerCase() === path) ?? 'none') : patterns;
  // After an error of a mounted router Express has taken the mount off `baseUrl` again.
  const mount = request.originalUrl.startsWith('/c/') ? '/c/:secret' : request.baseUrl;
  return `${mount}${pattern}`.replace(/(.)\/$/, '$1');
}
