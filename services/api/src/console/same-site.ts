/**
 * Refuses what another site could have a browser send: every request carries a header of ours (which takes a preflight that
 * nobody grants), and one that changes something says an origin, which is this one. The cookie is SameSite=Strict besides.
 */
import { CONSOLE_HEADER } from '@livegate/contracts/console/header';
import { CodedError } from '@livegate/domain/errors';
import type { Request, RequestHandler } from 'express';

export function requireSameSite({ publicUrl }: { publicUrl: () => string }): RequestHandler {
  return (request, _response, next) => {
    const site = request.get('sec-fetch-site');
    const isOurs = request.get(CONSOLE_HEADER) !== undefined && (site === undefined || site === 'same-origin');
    const changes = request.method !== 'GET' && request.method !== 'HEAD';
    if (isOurs && (!changes || isOwnOrigin(request, publicUrl()))) return next();
    throw new CodedError('forbidden', 'The request does not come from the console.');
  };
}

/** Whether the person did something lately, as the page says; else the page asks by itself. */
export function isPresent(request: Request): boolean {
  return request.get(CONSOLE_HEADER) === 'present';
}

/** The public address, or the very host that was asked: a proxy may have a name of its own. */
function isOwnOrigin(request: Request, publicUrl: string): boolean {
  const origin = request.get('origin') ?? '';
  if (!URL.canParse(origin)) return false;
  return origin === new URL(publicUrl).origin || new URL(origin).host === request.get('host');
}
