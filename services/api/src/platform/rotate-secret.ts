/** `POST /webhook_endpoints/{id}/rotate_secret`: a new secret at once; the old one signs beside it for a while. */
import { type RotateSecretResponse, rotateSecretRequest } from '@livegate/contracts/endpoints';
import type { KeyRing } from '@livegate/crypto/key-ring';
import { newWebhookSecret } from '@livegate/crypto/webhook-signature';
import type { Database } from '@livegate/db/database';
import { rotateEndpointSecret } from '@livegate/db/endpoints';
import { MAX_OLD_SECRETS } from '@livegate/domain/delivery-limits';
import { CodedError } from '@livegate/domain/errors';
import { keyPurpose } from '@livegate/domain/key-purpose';
import type { RequestHandler } from 'express';
import { callerOf } from '../http/authenticate.ts';
import { readOptionalBody } from '../http/parse-body.ts';
import { unknownEndpoint } from './endpoint-rules.ts';

export function rotateSecret({ db, keyRing }: { db: Database; keyRing: KeyRing }): RequestHandler {
  return async (request, response) => {
    const { clientId } = callerOf(response);
    const { overlap_seconds: overlapSeconds } = readOptionalBody(request, rotateSecretRequest);
    const endpointId = String(request.params.endpointId);
    const secret = newWebhookSecret();
    const wrapped = keyRing.wrap(Buffer.from(secret), keyPurpose.endpointSecret(clientId, endpointId));
    await db.transaction(async (tx) => {
      const rotation = await rotateEndpointSecret(tx, { clientId, endpointId, wrapped, overlapSeconds });
      if (rotation === 'unknown') throw unknownEndpoint();
      if (rotation === 'too_many') {
        throw new CodedError(
          'too_many_secrets',
          `${MAX_OLD_SECRETS} older secrets still sign. Wait until one of them ends, or end them with overlap_seconds 0.`,
        );
      }
    });
    const body: RotateSecretResponse = { id: endpointId, secret };
    response.status(201).json(body);
  };
}
