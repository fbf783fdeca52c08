/** Makes a hosted check: a token to poll with, a link for the person, a secret for the webhook. */
import { randomUUID } from 'node:crypto';
import type { KeyRing } from '@livegate/crypto/key-ring';
import { newDataKey } from '@livegate/crypto/key-ring';
import { digestLinkSecret, newLinkSecret } from '@livegate/crypto/link-secret';
import { newWebhookSecret } from '@livegate/crypto/webhook-signature';
import { insertHostedCheck } from '@livegate/db/checks';
import type { Queryable } from '@livegate/db/database';
import type { Challenge } from '@livegate/domain/challenge';
import { newId, randomAlphanumeric } from '@livegate/domain/ids';
import { keyPurpose } from '@livegate/domain/key-purpose';
import type { ContractName } from '@livegate/domain/thresholds';
import { checkMoved } from '@livegate/telemetry/events';
import { currentTraceparent } from '@livegate/telemetry/trace-context';

export type CreateDeps = { db: Queryable; keyRing: KeyRing; publicUrl: () => string };

export type HostedWish = {
  clientId: string;
  contract: ContractName;
  challenge: Challenge;
  threshold: number;
  auditImages: number;
  linkValidMinutes: number;
  returnUrl: string;
  webhookUrl: string | null;
};

/** What the client is told, once: neither link nor secret can be had again. */
export type CreatedCheck = { token: string; url: string; secret: string; reference: string };

// 32 letters and digits as in the vendor's sample: 190 bits.
const TOKEN_LENGTH = 32;

export async function createHostedCheck(
  { db, keyRing, publicUrl }: CreateDeps,
  wish: HostedWish,
): Promise<CreatedCheck> {
  const id = newId('check');
  const reference = randomUUID();
  const token = randomAlphanumeric(TOKEN_LENGTH);
  const link = newLinkSecret();
  const secret = newWebhookSecret();
  await insertHostedCheck(db, {
    ...wish,
    id,
    reference,
    token,
    linkDigest: digestLinkSecret(link),
    webhookSecret: keyRing.wrap(Buffer.from(secret), keyPurpose.webhookSecret(wish.clientId, id)),
    dataKey: keyRing.wrap(newDataKey(), keyPurpose.frames(wish.clientId, id)),
    traceparent: currentTraceparent(),
  });
  checkMoved({ state: 'pending' });
  return { token, url: `${publicUrl()}/c/${link}`, secret, reference };
}
