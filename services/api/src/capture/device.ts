/**
 * The device of a capture: a browser, by a random number in a cookie of its own, which lives as long as failures are
 * remembered. No address and no fingerprint: both hit people who share them, and neither keeps away who wants to. Whoever
 * clears the cookie is a new device; the lock by person holds them.
 */

import type { KeyRing } from '@livegate/crypto/key-ring';
import { newLinkSecret } from '@livegate/crypto/link-secret';
import { FAILURE_MEMORY_SECONDS } from '@livegate/domain/failure-lock';
import type { Request, Response } from 'express';
import { cookieOptions, readCookie } from './browser-binding.ts';

type Here = { clientId: string; isSecure: boolean; isFramed: boolean };

/** Gives the browser its number, or the same one for longer; the keyed hash by which this client's checks know it. */
export function deviceDigestOf(
  keyRing: KeyRing,
  { request, response }: { request: Request; response: Response },
  { clientId, isSecure, isFramed }: Here,
): Buffer {
  const name = `${isSecure ? '__Host-' : ''}livegate-device`;
  const sent = readCookie(request, name);
  const number = sent !== null && NUMBER.test(sent) ? sent : newLinkSecret();
  response.cookie(name, number, cookieOptions({ isSecure, isFramed }, FAILURE_MEMORY_SECONDS));
  return keyRing.pseudonymOf('device', clientId, number);
}

// What newLinkSecret makes.
const NUMBER = /^[\w-]{43}$/;
