/** Who failed often within a short time has to wait: at a create by person, at the start of a capture by person and device. */
import type { KeyRing } from '@livegate/crypto/key-ring';
import type { Queryable } from '@livegate/db/database';
import { secondsLocked } from '@livegate/db/failures';
import { CodedError } from '@livegate/domain/errors';
import type { FailureLock } from '@livegate/domain/failure-lock';
import type { Caller } from './authenticate.ts';
import { personDigestOf } from './person-reference.ts';

export type LockDeps = { keyRing: KeyRing; failureLock: FailureLock };

/** Throws `too_many_failures` for a person who has to wait. Who names no person, and the sandbox, is not asked. */
export async function requirePatience(
  tx: Queryable,
  { keyRing, failureLock }: LockDeps,
  caller: Caller,
): Promise<void> {
  const { clientId, mode, personReference } = caller;
  if (personReference === undefined || mode === 'test') return;
  const subjects = [personDigestOf(keyRing, { clientId, mode, personReference })];
  await requireUnlocked(tx, { clientId, subjects, usual: failureLock });
}

/** Throws `too_many_failures`, with the seconds until the last of the subjects' locks ends. */
export async function requireUnlocked(tx: Queryable, question: Parameters<typeof secondsLocked>[1]): Promise<void> {
  const seconds = await secondsLocked(tx, question);
  if (seconds <= 0) return;
  throw new CodedError('too_many_failures', 'There were too many failed attempts in a short time; please wait.', {
    retryAfterSeconds: Math.ceil(seconds),
  });
}
