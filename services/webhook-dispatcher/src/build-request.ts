/** The HTTP request of one attempt: the exact stored bytes, signed twice (vendor's own header, Standard Webhooks). */
import { signatureHeaders } from '@livegate/crypto/webhook-signature';
import type { ClaimedDelivery } from '@livegate/db/deliveries';
import { USER_AGENT } from '@livegate/domain/product';

type Signed = Pick<ClaimedDelivery, 'url' | 'eventId' | 'body'> & {
  secrets: readonly [string, ...string[]];
  now: Date;
};

// Total deadline 15 s, and 64 KB of an answer are more than any receiver needs to say.
const DEADLINE_MS = 15_000;
const MAX_RESPONSE_BYTES = 64 * 1024;

/** The timestamp is the attempt's, so that a receiver's age check passes on a retry, too. */
export function buildRequest({ url, eventId, body, secrets, now }: Signed) {
  const timestampSeconds = Math.floor(now.getTime() / 1_000);
  return {
    url,
    method: 'POST' as const,
    headers: {
      'content-type': 'application/json',
      'user-agent': USER_AGENT,
      ...signatureHeaders({ secrets, id: eventId, timestampSeconds, body }),
    },
    body,
    deadlineMs: DEADLINE_MS,
    maxResponseBytes: MAX_RESPONSE_BYTES,
    truncate: true,
  };
}
