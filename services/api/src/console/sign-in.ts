/** `POST /console/api/session`: name and password → a session. The same answer and the same work for a name that nobody has. */
import { createHash } from 'node:crypto';
import { type SessionAnswer, signInRequest } from '@livegate/contracts/console/session';
import { digestLinkSecret, newLinkSecret } from '@livegate/crypto/link-secret';
import { isPassword } from '@livegate/crypto/password';
import { recordAct } from '@livegate/db/audit-log';
import type { Queryable } from '@livegate/db/database';
import { takeRequest } from '@livegate/db/limits';
import { findOperatorSession, findPasswordHash, openOperatorSession } from '@livegate/db/operators';
import { CodedError } from '@livegate/domain/errors';
import type { Rate } from '@livegate/domain/limits';
import { SIGN_IN_RATES } from '@livegate/domain/operator-roles';
import type { Request, RequestHandler } from 'express';
import { readBody } from '../http/parse-body.ts';
import type { ConsoleDeps } from './console-deps.ts';
import { requireSafeTransport, sessionDigestOf, setSessionCookie } from './session-cookie.ts';
import { showSession } from './show-session.ts';

export function signIn(deps: ConsoleDeps): RequestHandler {
  const { consoleDb } = deps;
  const oneAtATime = inTurn();
  return async (request, response) => {
    requireSafeTransport(request, deps);
    const { name, password } = readBody(request, signInRequest);
    await requirePatience(consoleDb, request, name);
    const hash = await findPasswordHash(consoleDb, name);
    // A hash takes 32 MB and a quarter of a second: a crowd of guessers gets one core of it, not all.
    if (!(await oneAtATime(() => isPassword(password, hash))) || !hash) {
      // A name that nobody has may be a password in the wrong field: it is not written down.
      if (hash) await recordAct(consoleDb, { actor: `operator:${name}`, action: 'session.refused', subject: name });
      throw new CodedError('unauthenticated', 'The name or the password is not right.');
    }
    const token = newLinkSecret();
    const digest = digestLinkSecret(token);
    const session = await consoleDb.transaction(async (tx) => {
      const replaces = sessionDigestOf(request, deps);
      if (!(await openOperatorSession(tx, { digest, name, passwordHash: hash, replaces }))) return null;
      await recordAct(tx, { actor: `operator:${name}`, action: 'session.opened', subject: name });
      return findOperatorSession(tx, digest);
    });
    if (!session) throw new CodedError('unauthenticated', 'The name or the password is not right.');
    setSessionCookie(response, deps, token);
    const body: SessionAnswer = showSession(deps, session);
    response.json(body);
  };
}

/** Throws `rate_limited` for an address that tries too often, and for a name that is tried too often from everywhere. */
async function requirePatience(db: Queryable, request: Request, name: string): Promise<void> {
  const address = request.socket.remoteAddress ?? '';
  await take(db, `console-address:${digest(address)}`, SIGN_IN_RATES.address);
  await take(db, `console-name:${digest(name)}`, SIGN_IN_RATES.name);
}

async function take(db: Queryable, subject: string, rate: Rate): Promise<void> {
  const seconds = await takeRequest(db, { subject, rate });
  if (seconds > 0) throw tooMany(seconds);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

// Two seconds' worth: who comes after that many is told to wait, rather than keeping everybody waiting.
const MOST_WAITING = 8;

function inTurn(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return (work) => {
    if (waiting >= MOST_WAITING) throw tooMany(MOST_WAITING / 4);
    waiting += 1;
    const mine = last.then(work).finally(() => {
      waiting -= 1;
    });
    last = mine.catch(() => undefined);
    return mine;
  };
}

function tooMany(seconds: number): CodedError {
  return new CodedError('rate_limited', 'Too many attempts. Please wait a little.', {
    retryAfterSeconds: Math.ceil(seconds),
  });
}
