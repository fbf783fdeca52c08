/** API keys → the client. The form is checked before the database is asked; digests are compared in constant time. */
import { matches, parseApiKey } from '@livegate/crypto/api-key';
import { findApiKey, touchApiKey } from '@livegate/db/clients';
import type { Queryable } from '@livegate/db/database';
import { CodedError } from '@livegate/domain/errors';
import type { Request } from 'express';

export type Caller = { clientId: string; keyId: string; mode: 'live' | 'test' };

const REFUSAL = 'A valid API key is required.';

/**
 * The caller who holds `text`. Throws `unauthenticated` without saying what was wrong, or `key_not_usable` when the key
 * is right but expired, revoked or of a disabled client: who shows that holds the key already.
 */
export async function identify(db: Queryable, text: string | null): Promise<Caller> {
  const key = text ? parseApiKey(text) : null;
  const known = key && (await findApiKey(db, key.keyId));
  if (!key || !known || !matches(key.digest, known.digest)) throw new CodedError('unauthenticated', REFUSAL);
  // A test key must never reach a model, and there is nothing else yet that could answer it.
  if (known.mode === 'test') throw new CodedError('unauthenticated', 'Test keys are not served yet.');
  if (!known.usable) throw new CodedError('key_not_usable', 'The API key is no longer valid.');
  await touchApiKey(db, known.keyId);
  return { clientId: known.clientId, keyId: known.keyId, mode: known.mode };
}

/** The key of `Authorization: Bearer <key>`, or null. */
export function bearerKey(request: Request): string | null {
  return /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '')?.[1] ?? null;
}
