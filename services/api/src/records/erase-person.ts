/** `POST /erasures`, `GET /erasures/{id}`: every check of a person goes; lifecycle does it, within seconds. */
import { type ErasureResponse, erasureRequest } from '@livegate/contracts/records';
import { type Erasure, findErasure, requestErasure } from '@livegate/db/persons';
import { CodedError } from '@livegate/domain/errors';
import type { RequestHandler } from 'express';
import { callerOf } from '../http/authenticate.ts';
import { readBody } from '../http/parse-body.ts';
import { personDigestOf } from '../http/person-reference.ts';
import type { RecordDeps } from './record-deps.ts';

export function createErasure({ db, keyRing }: RecordDeps): RequestHandler {
  return async (request, response) => {
    const caller = callerOf(response);
    const { person_reference: personReference } = readBody(request, erasureRequest);
    const personDigest = personDigestOf(keyRing, { ...caller, personReference });
    const erasure = await requestErasure(db, { clientId: caller.clientId, personDigest });
    response.status(202).location(`/erasures/${erasure.id}`).json(render(erasure));
  };
}

export function getErasure({ db }: RecordDeps): RequestHandler {
  return async (request, response) => {
    const { clientId } = callerOf(response);
    const erasure = await findErasure(db, { clientId, id: String(request.params.erasureId) });
    if (!erasure) throw new CodedError('unknown_erasure', 'The id is not valid.');
    response.json(render(erasure));
  };
}

function render({ id, erased, requestedAt, finishedAt }: Erasure): ErasureResponse {
  return {
    id,
    state: finishedAt ? 'finished' : 'under_way',
    checks_erased: erased,
    requested_at: requestedAt.toISOString(),
    finished_at: finishedAt?.toISOString() ?? null,
  };
}
