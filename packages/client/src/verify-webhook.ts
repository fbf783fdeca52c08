/** Tells a real webhook from a forged or replayed one. */
import { timingSafeEqual } from 'node:crypto';
import { type WebhookEvent, webhookEvent } from '@livegate/contracts/webhook-event';
import { standardSignature } from '@livegate/crypto/webhook-signature';

type Delivery = {
  /** The check's `secret`, as it was returned at its creation. */
  secret: string;
  /** Node's own (names in lower case), or a `Headers`. */
  headers: Headers | Record<string, string | string[] | undefined>;
  /** The exact bytes of the body: parse them only after this. */
  body: Uint8Array | string;
  now?: Date;
};

// What Standard Webhooks recommends: enough for clocks that differ, too little for a replay.
const TOLERANCE_SECONDS = 300;

// A setting that was left empty would be a key that everybody has.
const SECRET = /^whsec_[A-Za-z0-9+/]{32,}={0,2}$/;

/**
 * The event, or null when signature, time or form is not right. Dedupe by its `id`: an event may arrive more than once. Throws a
 * `TypeError` when the secret cannot be one.
 */
export function verifyWebhook({ secret: given, headers, body, now = new Date() }: Delivery): WebhookEvent | null {
  // A mounted file ends in a line break.
  const secret = given.trim();
  if (!SECRET.test(secret)) throw new TypeError('The secret must be a webhook secret: whsec_ and base64.');
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    headers instanceof Headers ? headers.get(name) : single(headers[name]),
  );
  if (!id || !signatures || !timestamp || !/^\d+$/.test(timestamp)) return null;
  const timestampSeconds = Number(timestamp);
  if (Math.abs(now.getTime() / 1_000 - timestampSeconds) > TOLERANCE_SECONDS) return null;
  const bytes = typeof body === 'string' ? Buffer.from(body, 'utf8') : Buffer.from(body);
  const expected = Buffer.from(standardSignature({ secret, id, timestampSeconds, body: bytes }));
  if (!signatures.split(' ').some((signature) => equal(Buffer.from(signature), expected))) return null;
  const event = webhookEvent.safeParse(JSON.parse(bytes.toString('utf8')));
  return event.success && event.data.id === id ? event.data : null;
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

function equal(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
