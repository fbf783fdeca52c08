/**
 * API keys → the client, before a byte of the body is read: who is not known learns nothing and costs little. The form is
 * checked before the database is asked; digests are compared in constant time.
 */
import { matches, parseApiKey } from '@livegate/crypto/api-key';
import { asClient } from '@livegate/db/client-scope';
import { findApiKey, touchApiKey } from '@livegate/db/clients';
import type { Queryable } from '@livegate/db/database';
import { type DatabaseTime, timeSince } from '@livegate/db/database-clock';
import { CodedError } from '@livegate/domain/errors';
import type { ClientLimits } from '@livegate/domain/limits';
import type { Request, RequestHandler, Response } from 'express';

export type Caller = {
  clientId: string;
  keyId: string;
  mode: 'live' | 'test';
  limits: ClientLimits;
  databaseTime: DatabaseTime;
  /** What the client calls the person whom its request is about, if it says. */
  personReference?: string;
};

/** Where a contract's requests carry the API key, and how it words its refusals. */
export type Credentials = {
  /** The key as it was sent, or null when there is none, or none that could be meant. */
  read(request: Request): string | null;
  missing: string;
  wrong: string;
};

/**
 * Lets only known callers pass, to be had from then on as `callerOf(response)`. Fails with `unauthenticated` without
 * saying what was wrong, or with `key_not_usable` when the key is right but expired, revoked or of a disabled client: who
 * shows that holds the key already.
 */
export function authenticate(db: Queryable, { read, missing, wrong }: Credentials): RequestHandler {
  return async (request, response, next) => {
    const text = read(request);
    if (text === null) throw new CodedError('unauthenticated', missing);
    const caller = await identify(db, { text, wrong });
    response.locals.caller = caller;
    asClient(caller.clientId, next);
  };
}

/** Who asks, on a route behind `authenticate`. */
export function callerOf(response: Response): Caller {
  const caller = response.locals.caller as Caller | undefined;
  if (!caller) throw new Error('This route does not authenticate its callers.');
  return caller;
}

/** `Authorization: Bearer <key>`, as GlobalData and Verifik have it. */
export const bearer: Credentials = {
  read: (request) => /^Bearer +(\S+)$/i.exec(soleHeader(request, 'authorization') ?? '')?.[1] ?? null,
  missing: 'A valid API key is required.',
  wrong: 'A valid API key is required.',
};

/** A header that was sent exactly once, or null: of two, nobody can say which one another reader would take. */
export function soleHeader(request: Request, name: string): string | null {
  const values = request.headersDistinct[name] ?? [];
  return (values.length === 1 && values[0]) || null;
}

async function identify(db: Queryable, { text, wrong }: { text: string; wrong: string }): Promise<Caller> {
  const key = parseApiKey(text);
  const known = key && (await findApiKey(db, key.keyId));
  if (!key || !known || !matches(key.digest, known.digest)) throw new CodedError('unauthenticated', wrong);
  if (!known.usable) throw new CodedError('key_not_usable', 'The API key is no longer valid.');
  if (!known.usedLately) await asClient(known.clientId, () => touchApiKey(db, known.keyId));
  const { clientId, keyId, mode, limits } = known;
  return { clientId, keyId, mode, limits, databaseTime: timeSince(known.now) };
}
