/** `GET /meta`: what a receiver's operator has to know. Needs no key and holds no secret. */
import type { MetaResponse } from '@livegate/contracts/meta';
import { PRODUCT } from '@livegate/domain/product';
import { REPLAY_WINDOW_DAYS } from '@livegate/domain/retention';
import { ATTEMPT_DEADLINE_SECONDS, RETRY_DELAYS_SECONDS } from '@livegate/domain/retry-schedule';
import type { RequestHandler } from 'express';

export function getMeta({ egressAddresses }: { egressAddresses: readonly string[] }): RequestHandler {
  const body: MetaResponse = {
    product: PRODUCT.name,
    version: PRODUCT.version,
    egress_addresses: [...egressAddresses],
    webhooks: {
      retry_delays_seconds: RETRY_DELAYS_SECONDS,
      attempts: RETRY_DELAYS_SECONDS.length,
      deadline_seconds: ATTEMPT_DEADLINE_SECONDS,
      replay_window_days: REPLAY_WINDOW_DAYS,
      signature_headers: ['Signature', 'webhook-id', 'webhook-timestamp', 'webhook-signature'],
    },
  };
  return (_request, response) => {
    response.json(body);
  };
}
