/**
 * A capture belongs to the browser that started it first: whoever has the link but not the cookie cannot take it over.
 * Each check has a cookie of its own, so that two checks in one browser do not disturb each other. In a frame, where some
 * browsers keep no cookie, the page itself holds the secret and sends it along.
 */
import { timingSafeEqual } from 'node:crypto';
import { CAPTURE_HEADERS } from '@livegate/contracts/capture';
import { digestLinkSecret, newLinkSecret } from '@livegate/crypto/link-secret';
import type { Check } from '@livegate/db/checks';
import { CodedError } from '@livegate/domain/errors';
import type { Request, Response } from 'express';
import { saysFramed } from './framing.ts';

/** Longer than any link is valid (30 minutes) and any attempt takes. */
const COOKIE_SECONDS = 3_600;

/** `isSecure`: the page is served over https. Plain http is for development: there neither `Secure` nor `__Host-` holds. */
type Binding = Pick<Check, 'reference' | 'browserDigest'> & { isSecure: boolean };
/** `isFramed`: the page is shown in another site's frame, and the client allows it. */
type NewBinding = Binding & { isFramed: boolean };

/** Whether another browser than this one started the capture. */
export function isElsewhere(request: Request, check: Binding): boolean {
  return check.browserDigest !== null && !isBrowserOf(request, check, check.browserDigest);
}

/** Whether what this browser shows for itself is what has this digest. */
export function isBrowserOf(request: Request, check: Binding, digest: Buffer): boolean {
  return secretsOf(request, check).some((secret) => timingSafeEqual(digestLinkSecret(secret), digest));
}

/** The cookie for the check, then what a page in a frame holds: each 256 bits that whoever has the link does not know. */
function secretsOf(request: Request, check: Binding): string[] {
  const held = saysFramed(request) ? request.get(CAPTURE_HEADERS.browser) : undefined;
  return [readCookie(request, cookieName(check)), held].filter((secret) => secret && SECRET.test(secret)) as string[];
}

/** Throws `capture_elsewhere` for any browser but the first. */
export function requireSameBrowser(request: Request, check: Binding): void {
  if (isElsewhere(request, check)) {
    throw new CodedError('capture_elsewhere', 'The capture was started in another browser.');
  }
}

/**
 * Gives a browser that looks its cookie before it starts: then the answer to a start may be lost, and it can start again.
 * So with one that may be about to take a capture over (`isAwaited`).
 */
export function offerCookie(request: Request, response: Response, check: NewBinding & { isAwaited: boolean }): void {
  if ((!check.browserDigest || check.isAwaited) && readCookie(request, cookieName(check)) === null) {
    setCookie(response, check, secretsOf(request, check)[0] ?? newLinkSecret());
  }
}

/** Gives this browser its cookie, and the digest to store; null when it has one that fits already. */
export function bindBrowser(request: Request, response: Response, check: NewBinding): Buffer | null {
  if (check.browserDigest && !isElsewhere(request, check)) return null;
  const secret = secretsOf(request, check)[0] ?? newLinkSecret();
  setCookie(response, check, secret);
  return digestLinkSecret(secret);
}

// What newLinkSecret makes.
const SECRET = /^[\w-]{43}$/;

function setCookie(response: Response, check: NewBinding, secret: string): void {
  response.cookie(cookieName(check), secret, cookieOptions(check, COOKIE_SECONDS));
}

/** Of every cookie of the capture page. */
export function cookieOptions({ isSecure, isFramed }: Pick<NewBinding, 'isSecure' | 'isFramed'>, seconds: number) {
  const usual = { path: '/', httpOnly: true, secure: isSecure, sameSite: 'strict', maxAge: seconds * 1_000 } as const;
  return isFramed ? { ...usual, ...IN_A_FRAME } : usual;
}

// A strict cookie never comes back from another site's frame. This one does, and only from frames of the same site: browsers
// keep it apart for each. Plain http is the developer's own machine here, which browsers take for secure.
const IN_A_FRAME = { secure: true, sameSite: 'none', partitioned: true } as const;

function cookieName({ reference, isSecure }: Binding): string {
  return `${isSecure ? '__Host-' : ''}livegate-${reference.slice(0, 8)}`;
}

/** The value of a cookie of the request, or null. */
export function readCookie(request: Request, name: string): string | null {
  for (const pair of (request.get('cookie') ?? '').split(';')) {
    const [key, value] = pair.trim().split('=');
    if (key === name && value) return value;
  }
  return null;
}
