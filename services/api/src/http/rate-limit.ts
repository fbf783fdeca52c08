/** Limits of requests and of checks, as `429` in each contract's own shape. A client without limits costs no query. */
import type { Queryable } from '@livegate/db/database';
import { secondsToNextMonth, takeCheck, takeRequest } from '@livegate/db/limits';
import { CodedError } from '@livegate/domain/errors';
import { keyRate, LINK_RATE, type Rate } from '@livegate/domain/limits';
import type { RequestHandler, Response } from 'express';
import { type Caller, callerOf } from './authenticate.ts';

/** Holds each API key to its client's rate. Fails with `rate_limited`. */
export function limitKeyRate(db: Queryable): RequestHandler {
  return async (_request, response, next) => {
    const { keyId, limits } = callerOf(response);
    if (limits.requestsPerMinute !== null) {
      await requireRate(db, { subject: `key:${keyId}`, rate: keyRate(limits.requestsPerMinute) });
    }
    next();
  };
}

/** From here on `requireLinkRate` holds links to their rate: in production, for a developer's own tests must not be held. */
export function limitLinkRate(mode: 'development' | 'production'): RequestHandler {
  return (_request, response, next) => {
    response.locals.linkRate = mode === 'production' ? LINK_RATE : null;
    next();
  };
}

/** Holds the capture of one check to what a page needs. Throws `rate_limited`. */
export async function requireLinkRate(db: Queryable, response: Response, checkId: string): Promise<void> {
  const rate: Rate | null = response.locals.linkRate ?? null;
  if (rate) await requireRate(db, { subject: `link:${checkId}`, rate });
}

async function requireRate(db: Queryable, wish: { subject: string; rate: Rate }): Promise<void> {
  const seconds = await takeRequest(db, wish);
  if (seconds <= 0) return;
  throw new CodedError('rate_limited', 'Too many requests; please slow down.', {
    retryAfterSeconds: Math.ceil(seconds),
  });
}

/** Counts a check that `tx` is about to make. Throws `quota_exceeded` or `too_many_open_checks`; the sandbox is free. */
export async function requireRoomForCheck(tx: Queryable, { clientId, mode, limits }: Caller): Promise<void> {
  if (mode === 'test') return;
  const refusal = await takeCheck(tx, { clientId, limits });
  if (refusal === 'too_many_open_checks') {
    throw new CodedError(refusal, 'As many checks are open as the client may have; wait for one to end.');
  }
  if (refusal === 'quota_exceeded') {
    const retryAfterSeconds = await secondsToNextMonth(tx);
    throw new CodedError(refusal, "The client's checks of this month are used up.", { retryAfterSeconds });
  }
}
