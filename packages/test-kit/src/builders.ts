/** Rows with defaults: a test names only what it is about. */
import { randomBytes, randomUUID } from 'node:crypto';
import { type Check, findCheckByToken, insertHostedCheck, type NewHostedCheck } from '@livegate/db/checks';
import { createClient } from '@livegate/db/clients';
import type { Queryable } from '@livegate/db/database';
import { newId, randomAlphanumeric } from '@livegate/domain/ids';

/** Adds a client. */
export function aClient(db: Queryable): Promise<string> {
  return createClient(db, { name: `client ${randomAlphanumeric(6)}` });
}

/** Adds a pending hosted check, with a client of its own unless one is given. */
export async function aCheck(db: Queryable, overrides: Partial<NewHostedCheck> = {}): Promise<Check> {
  const clientId = overrides.clientId ?? (await aClient(db));
  const check: NewHostedCheck = {
    id: newId('check'),
    clientId,
    reference: randomUUID(),
    token: randomAlphanumeric(32),
    contract: 'globaldata',
    challenge: 'none',
    threshold: 70,
    auditImages: 0,
    returnUrl: 'https://example.com/return',
    webhookUrl: null,
    linkDigest: randomBytes(32),
    webhookSecret: randomBytes(60),
    dataKey: randomBytes(60),
    linkValidMinutes: 10,
    traceparent: null,
    sandbox: false,
    ...overrides,
  };
  await insertHostedCheck(db, check);
  return (await findCheckByToken(db, { clientId, token: check.token, sandbox: check.sandbox })) as Check;
}
