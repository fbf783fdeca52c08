/** What the stories about records may touch, and how they name a check. */
import type { KeyRing } from '@livegate/crypto/key-ring';
import type { Database, Queryable } from '@livegate/db/database';
import { CodedError } from '@livegate/domain/errors';
import type { FrameStore } from '@livegate/frame-store/frame-store';
import type { Request, Response } from 'express';
import { callerOf } from '../http/authenticate.ts';

export type RecordDeps = { db: Database; frameStore: FrameStore<Queryable>; keyRing: KeyRing };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export type CheckKey = { clientId: string; reference: string; sandbox: boolean };

/** The check that the path names, as the caller may see it. Throws `unknown_check` when it cannot be one. */
export function checkKeyOf(request: Request, response: Response): CheckKey {
  const { clientId, mode } = callerOf(response);
  const reference = String(request.params.reference).toLowerCase();
  if (!UUID.test(reference)) throw unknownCheck();
  return { clientId, reference, sandbox: mode === 'test' };
}

/** The same for a check of another client as for one that never was. */
export function unknownCheck(): CodedError {
  return new CodedError('unknown_check', 'The reference is not valid.');
}
