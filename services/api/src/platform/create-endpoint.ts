/** `POST /webhook_endpoints`: an address that hears of all of the client's hosted checks. Its secret is shown once. */
import { createEndpointRequest, type EndpointWithSecretResponse } from '@livegate/contracts/endpoints';
import type { KeyRing } from '@livegate/crypto/key-ring';
import { newWebhookSecret } from '@livegate/crypto/webhook-signature';
import type { Database, Queryable } from '@livegate/db/database';
import { insertEndpoint } from '@livegate/db/endpoints';
import { MAX_ENDPOINTS } from '@livegate/domain/delivery-limits';
import { CodedError } from '@livegate/domain/errors';
import { newId } from '@livegate/domain/ids';
import { keyPurpose } from '@livegate/domain/key-purpose';
import type { EgressMode } from '@livegate/egress/target-policy';
import type { RequestHandler } from 'express';
import { callerOf } from '../http/authenticate.ts';
import { onceOnly, readIdempotencyKey } from '../http/idempotency.ts';
import { readBody } from '../http/parse-body.ts';
import { requireSafeUrl, showEndpoint } from './endpoint-rules.ts';

export function createWebhookEndpoint(deps: { db: Database; keyRing: KeyRing; mode: EgressMode }): RequestHandler {
  const { keyRing, mode } = deps;
  return async (request, response) => {
    const caller = callerOf(response);
    const { clientId } = caller;
    const wish = readBody(request, createEndpointRequest);
    requireSafeUrl(wish.url, mode);
    const create = async (tx: Queryable): Promise<EndpointWithSecretResponse> => {
      const id = newId('endpoint');
      const secret = newWebhookSecret();
      const wrapped = keyRing.wrap(Buffer.from(secret), keyPurpose.endpointSecret(clientId, id));
      const endpoint = await insertEndpoint(tx, { ...wish, id, clientId, wrapped });
      if (!endpoint) {
        throw new CodedError('too_many_endpoints', `There are ${MAX_ENDPOINTS} endpoints already: delete one first.`);
      }
      return { ...showEndpoint(endpoint), secret };
    };
    const { answer, replayed } = await onceOnly(deps, {
      caller,
      key: readIdempotencyKey(request),
      wish: ['webhook_endpoints', wish],
      work: create,
    });
    if (replayed) response.set('Idempotent-Replayed', 'true');
    response.status(201).location(`/webhook_endpoints/${answer.id}`).json(answer);
  };
}
