/**
 * `X-Person-Reference`: what the client calls the person, on any request that makes a check. It is never stored: only a
 * keyed hash is, by which the person's checks can be found again to be erased.
 */
import { personReference } from '@livegate/contracts/records';
import type { KeyRing } from '@livegate/crypto/key-ring';
import type { Queryable } from '@livegate/db/database';
import { setPerson } from '@livegate/db/persons';
import { CodedError } from '@livegate/domain/errors';
import type { RequestHandler } from 'express';
import { type Caller, callerOf, soleHeader } from './authenticate.ts';

const HEADER = 'x-person-reference';
const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/** Notes on whose account the caller asks. Throws `invalid_request` for a reference that cannot be one. */
export const readPersonReference: RequestHandler = (request, response, next) => {
  if (request.headersDistinct[HEADER]) {
    const parsed = personReference.safeParse(textOf(soleHeader(request, HEADER) ?? ''));
    if (!parsed.success) {
      throw new CodedError('invalid_request', 'X-Person-Reference must be sent once, as text of 1 to 200 characters.', {
        field: 'X-Person-Reference',
      });
    }
    callerOf(response).personReference = parsed.data;
  }
  next();
};

/** Node gives a header's bytes as Latin-1; names are UTF-8, as in a body, or the Latin-1 that a browser's fetch makes of them. */
function textOf(header: string): string {
  try {
    return UTF_8.decode(Buffer.from(header, 'latin1'));
  } catch {
    return header;
  }
}

type Named = Pick<Caller, 'clientId' | 'mode'> & { personReference: string };

/** Another client's person of the same name, and a test key's, is another person. */
export function personDigestOf(keyRing: KeyRing, { clientId, mode, personReference: name }: Named): Buffer {
  return keyRing.pseudonymOf('person', clientId, mode, name);
}

/** Notes on a new check whom it is about, if the caller said so. */
export async function notePerson(
  tx: Queryable,
  keyRing: KeyRing,
  { checkId, caller }: { checkId: string; caller: Caller },
): Promise<void> {
  const { personReference: name } = caller;
  if (name === undefined) return;
  await setPerson(tx, { checkId, personDigest: personDigestOf(keyRing, { ...caller, personReference: name }) });
}
