/** The HTTP request of one attempt: the exact stored bytes, signed twice (vendor's own header, Standard Webhooks). */
import { signatureHeaders } from '@livegate/crypto/webhook-signature';
import type { ClaimedDelivery } from '@livegate/db/deliveries';
import { USER_AGENT } from '@livegate/domain/product';
import { ATTEMPT_DEADLINE_SECONDS } from '@livegate/domain/retry-schedule';

type Signed = Pick<ClaimedDelivery, 'url' | 'eventId' | 'body' | 'isSandbox'> & {
  secrets: readonly [string, ...string[]];
  now: Date;
};

// More of an answer than any receiver needs to say.
const MAX_RESPONSE_BYTES = 64 * 1024;

/** The timestamp is the attempt's, so that a receiver's age check passes on a retry, too. */
export function buildRequest({ url, eventId, body, isSandbox, secrets, now }: Signed) {
  const timestampSeconds = Math.floor(now.getTime() / 1_000);
  return {
    url,
    method: 'POST' as const,
    headers: {
      'content-type': 'application/json',
      'user-agent': USER_AGENT,
      // As on every answer to a test key.
      ...(isSandbox ? { 'x-sandbox': 'true' } : {}),
      ...signatureHeaders({ secrets, id: eventId, timestampSeconds, body }),
    },
    body,
    deadlineMs: ATTEMPT_DEADLINE_SECONDS * 1_000,
    maxResponseBytes: MAX_RESPONSE_BYTES,
    truncate: true,
  };
}
