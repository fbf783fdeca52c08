/** From a capture link, or a capture session, to its check. The link's secret is looked up by digest only. */
import { timingSafeEqual } from 'node:crypto';
import { digestLinkSecret } from '@livegate/crypto/link-secret';
import { type Check, findCheckByLink } from '@livegate/db/checks';
import { asClient } from '@livegate/db/client-scope';
import type { Queryable } from '@livegate/db/database';
import { CodedError } from '@livegate/domain/errors';
import type { Request, RequestHandler, Response } from 'express';
import { requireLinkRate } from '../http/rate-limit.ts';
import { setReference } from '../http/reference.ts';

/** Looks the link up: from here on the request sees rows of its check's client only, and of a link that is not known none. */
export function followLink(db: Queryable): RequestHandler {
  return async (request, response, next) => {
    const check = await findCheckByLink(db, digestLinkSecret(String(request.params.secret)));
    response.locals.linkedCheck = check;
    if (check) asClient(check.clientId, next);
    else next();
  };
}

/** The check of the request's link, or null. */
export function linkedCheck(response: Response): Check | null {
  return response.locals.linkedCheck ?? null;
}

/** The check of the request's link. Throws `unknown_link` or `rate_limited`. */
export async function findCapture(db: Queryable, response: Response): Promise<Check> {
  const check = linkedCheck(response);
  if (!check) throw new CodedError('unknown_link', 'This link is not valid.');
  setReference(response, check.reference);
  await requireLinkRate(db, response, check.id);
  return check;
}

/** The digest of the session the browser claims to hold. */
export function claimedSession(request: Request): Buffer {
  return digestLinkSecret(request.get('x-capture-session') ?? '');
}

/** Throws unless the person can still begin, or begin again, with this check. */
export function requireOpenCheck(check: Check): void {
  if (check.state === 'expired' || check.linkExpired) throw new CodedError('check_expired', 'The link has expired.');
  const isOpen = check.state === 'pending' || check.state === 'in_progress';
  if (!isOpen || check.submittedAt || check.sandbox) throw new CodedError('capture_closed', 'The capture is closed.');
}

/** Throws unless `check` takes frames and a finish from this session now. */
export function requireOpenSession(check: Check, session: Buffer): void {
  if (check.state === 'expired' || check.linkExpired) throw new CodedError('check_expired', 'The link has expired.');
  if (check.state !== 'in_progress' || check.submittedAt)
    throw new CodedError('capture_closed', 'The capture is closed.');
  if (!check.sessionDigest || !timingSafeEqual(check.sessionDigest, session)) {
    throw new CodedError('capture_superseded', 'The capture was started again, here or in another window.');
  }
}
