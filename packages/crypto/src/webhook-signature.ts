/**
 * Webhook signatures: the vendor's own header over the exact body, and Standard Webhooks beside it, which also binds id
 * and time and so resists replay. One secret serves both.
 */
import { createHmac, randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';

/** `whsec_` and the base64 of 32 random bytes. */
export function newWebhookSecret(): string {
  return PREFIX + randomBytes(32).toString('base64');
}

/** Lower-case hex HMAC-SHA-256 of the body, keyed with the UTF-8 bytes of the whole secret as it is printed. */
export function legacySignature({ secret, body }: { secret: string; body: Buffer }): string {
  return createHmac('sha256', Buffer.from(secret, 'utf8')).update(body).digest('hex');
}

type Message = { secret: string; id: string; timestampSeconds: number; body: Buffer };

/** `v1,` and the base64 HMAC-SHA-256 of `id.timestamp.body`, keyed with the decoded part of the secret (Standard Webhooks). */
export function standardSignature({ secret, id, timestampSeconds, body }: Message): string {
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestampSeconds}.`).update(body).digest('base64');
  return `v1,${signature}`;
}

type Attempt = Omit<Message, 'secret'> & {
  /** The newest first; those behind it are on their way out of a rotation. */
  secrets: readonly [string, ...string[]];
};

/**
 * The headers of one attempt. `webhook-signature` holds one signature per secret, so that a receiver can change over at any
 * moment of a rotation. `Signature` holds the newest secret's digest and nothing else: naive receivers compare the header.
 */
export function signatureHeaders({ secrets, ...message }: Attempt) {
  return {
    Signature: legacySignature({ secret: secrets[0], body: message.body }),
    'webhook-id': message.id,
    'webhook-timestamp': String(message.timestampSeconds),
    'webhook-signature': secrets.map((secret) => standardSignature({ ...message, secret })).join(' '),
  };
}
