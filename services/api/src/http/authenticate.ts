/** Bearer keys → the client. The form is checked before the database is asked; digests are compared in constant time. */
import { matches, parseApiKey } from '@livegate/crypto/api-key';
import { findApiKey, touchApiKey } from '@livegate/db/clients';
import type { Queryable } from '@livegate/db/database';
import { CodedError } from '@livegate/domain/errors';
import type { Request } from 'express';

export type Caller = { clientId: string; keyId: string; mode: 'live' | 'test' };

const REFUSAL = 'A valid API key is required as a Bearer token.';

/** The caller of a request with `Authorization: Bearer <key>`. Throws `unauthenticated`, without saying what was wrong. */
export async function authenticate(db: Queryable, request: Request): Promise<Caller> {
  const [, text] = /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '') ?? [];
  const key = text ? parseApiKey(text) : null;
  const known = key && (await findApiKey(db, key.keyId));
  if (!key || !known?.usable || !matches(key.digest, known.digest)) throw new CodedError('unauthenticated', REFUSAL);
  await touchApiKey(db, known.keyId);
  return { clientId: known.clientId, keyId: known.keyId, mode: known.mode };
}
