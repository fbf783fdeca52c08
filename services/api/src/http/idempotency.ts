/**
 * Idempotency-Key: a repeated request is answered as the first was, and happens once. What was done and what was answered
 * are one transaction, so there is no moment in which one is true and the other is not.
 */
import type { KeyRing } from '@livegate/crypto/key-ring';
import type { Database, Queryable } from '@livegate/db/database';
import { findAnswer, keepAnswer, tryLockIdempotencyKey } from '@livegate/db/idempotency-keys';
import { CodedError } from '@livegate/domain/errors';
import { keyPurpose } from '@livegate/domain/key-purpose';
import type { Request } from 'express';
import type { Caller } from './authenticate.ts';

type Deps = { db: Database; keyRing: KeyRing };

// As long as any client library makes them, and printable: they are stored and compared as they are.
const FORM = /^[\x21-\x7e]{1,255}$/;

/** The request's key, or null. Throws `invalid_request` when it has one of the wrong form. */
export function readIdempotencyKey(request: Request): string | null {
  const key = request.get('idempotency-key');
  if (key === undefined) return null;
  if (FORM.test(key)) return key;
  throw new CodedError('invalid_request', 'Idempotency-Key must be 1 to 255 printable characters.', {
    field: 'Idempotency-Key',
  });
}

type Repeatable<Answer> = {
  caller: Caller;
  /** Null: the request is not to be repeatable. */
  key: string | null;
  /** What the request asks for: the same key with another wish is a mistake. */
  wish: unknown;
  work: (tx: Queryable) => Promise<Answer>;
};

/**
 * Does `work` once per key. Throws `idempotency_in_flight` while the first request is under way, and
 * `idempotency_mismatch` when the key was used for another wish.
 */
export async function onceOnly<Answer>(
  { db, keyRing }: Deps,
  { caller, key: sent, wish, work }: Repeatable<Answer>,
): Promise<{ answer: Answer; replayed: boolean }> {
  if (sent === null) return { answer: await db.transaction(work), replayed: false };
  const { clientId } = caller;
  // A space cannot be sent: test and live keys never meet each other's answers.
  const key = caller.mode === 'test' ? `test ${sent}` : sent;
  // Keyed: a plain digest of a few known words and a person's name could be guessed.
  const fingerprint = keyRing.pseudonymOf('wish', clientId, key, JSON.stringify(wish));
  const purpose = keyPurpose.answer(clientId, key);
  return db.transaction(async (tx) => {
    if (!(await tryLockIdempotencyKey(tx, { clientId, key }))) {
      throw new CodedError('idempotency_in_flight', 'A request with this Idempotency-Key is under way.');
    }
    const kept = await findAnswer(tx, { clientId, key });
    if (kept && !kept.fingerprint.equals(fingerprint)) {
      throw new CodedError('idempotency_mismatch', 'This Idempotency-Key was used for a different request.');
    }
    if (kept)
      return { answer: JSON.parse(keyRing.unwrap(kept.answer, purpose).toString('utf8')) as Answer, replayed: true };
    const answer = await work(tx);
    const wrapped = keyRing.wrap(Buffer.from(JSON.stringify(answer)), purpose);
    await keepAnswer(tx, { clientId, key, fingerprint, answer: wrapped });
    return { answer, replayed: false };
  });
}
