/** The cookie that carries a session's token: `__Host-` over https; on this machine, over plain http, one for development. */
import { digestLinkSecret } from '@livegate/crypto/link-secret';
import { CodedError } from '@livegate/domain/errors';
import { OPERATOR_SESSION } from '@livegate/domain/operator-roles';
import type { CookieOptions, Request, Response } from 'express';

type Site = { publicUrl: () => string };

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** The digest of the session token that the request carries, or null. */
export function sessionDigestOf(request: Request, site: Site): Buffer | null {
  const name = cookieName(site);
  for (const pair of (request.get('cookie') ?? '').split(';')) {
    const [key, value] = pair.trim().split('=');
    if (key === name && value && /^[\w-]{43}$/.test(value)) return digestLinkSecret(value);
  }
  return null;
}

export function setSessionCookie(response: Response, site: Site, token: string): void {
  response.cookie(cookieName(site), token, { ...options(site), maxAge: OPERATOR_SESSION.hours * 3_600_000 });
}

export function clearSessionCookie(response: Response, site: Site): void {
  response.clearCookie(cookieName(site), options(site));
}

/**
 * Throws `forbidden` where a password would go over a network in the clear. Which host was asked for is looked at, not which
 * address is listened on: that one may be every address of the machine.
 */
export function requireSafeTransport(request: Request, site: Site): void {
  const host = `http://${request.get('host')}`;
  if (isSecure(site) || (URL.canParse(host) && LOOPBACK.test(new URL(host).hostname))) return;
  throw new CodedError('forbidden', 'The console needs https: set LIVEGATE_PUBLIC_URL to an https address.');
}

function cookieName(site: Site): string {
  return isSecure(site) ? '__Host-livegate-console' : 'livegate-console-development';
}

function options(site: Site): CookieOptions {
  return { path: '/', httpOnly: true, secure: isSecure(site), sameSite: 'strict' };
}

function isSecure({ publicUrl }: Site): boolean {
  return publicUrl().startsWith('https:');
}
