/** Makes a hosted check: a token to poll with, a link for the person, a secret for the webhook. */
import { randomUUID } from 'node:crypto';
import { digestLinkSecret, newLinkSecret } from '@livegate/crypto/link-secret';
import { newWebhookSecret } from '@livegate/crypto/webhook-signature';
import { insertHostedCheck } from '@livegate/db/checks';
import type { Queryable } from '@livegate/db/database';
import type { Challenge } from '@livegate/domain/challenge';
import { newId, randomAlphanumeric } from '@livegate/domain/ids';
import { keyPurpose } from '@livegate/domain/key-purpose';
import { PROCESSING_LIMITS } from '@livegate/domain/processing-limits';
import type { ContractName } from '@livegate/domain/thresholds';
import { checkMoved } from '@livegate/telemetry/events';
import { currentTraceparent } from '@livegate/telemetry/trace-context';
import type { Caller } from '../http/authenticate.ts';
import { type LockDeps, requirePatience } from '../http/failure-lock.ts';
import { notePerson } from '../http/person-reference.ts';
import { requireRoomForCheck } from '../http/rate-limit.ts';
import { type StageDeps, stageCheck } from '../sandbox/stage-check.ts';
import { newDataKeyFor } from './new-data-key.ts';

export type CreateDeps = StageDeps & LockDeps & { publicUrl: () => string };

export type HostedWish = {
  caller: Caller;
  /** What a test key asks the sandbox to play; null: it is chosen on the page. */
  scenario: string | null;
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
  tx: Queryable,
  { publicUrl, ...deps }: CreateDeps,
  { caller, scenario, ...wish }: HostedWish,
): Promise<CreatedCheck> {
  await requirePatience(tx, deps, caller);
  await requireRoomForCheck(tx, caller);
  const { clientId, databaseTime } = caller;
  const id = newId('check');
  const reference = randomUUID();
  const token = randomAlphanumeric(TOKEN_LENGTH);
  const link = newLinkSecret();
  const secret = newWebhookSecret();
  // A submission at the very end of the link still gets its verdict.
  const seconds = wish.linkValidMinutes * 60 + PROCESSING_LIMITS.verdictSeconds;
  const { wrapped: dataKey } = await newDataKeyFor(deps.keyRing, { clientId, checkId: id, seconds, databaseTime });
  await insertHostedCheck(tx, {
    ...wish,
    id,
    clientId,
    reference,
    token,
    linkDigest: digestLinkSecret(link),
    webhookSecret: deps.keyRing.wrap(Buffer.from(secret), keyPurpose.webhookSecret(clientId, id)),
    dataKey,
    traceparent: currentTraceparent(),
    sandbox: caller.mode === 'test',
  });
  await notePerson(tx, deps.keyRing, { checkId: id, caller });
  if (scenario) await stageCheck(tx, deps, { check: { ...wish, id, clientId, dataKey }, scenario });
  // Nobody opens a link of the sandbox to be checked.
  if (caller.mode === 'live') checkMoved({ state: 'pending' });
  return { token, url: `${publicUrl()}/c/${link}`, secret, reference };
}
