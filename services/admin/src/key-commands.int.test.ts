import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openKeyRing } from '@livegate/crypto/key-ring';
import { STATEMENTS, verifyStatement } from '@livegate/crypto/verify-statement';
import { insertEndpoint } from '@livegate/db/endpoints';
import { keepAnswer } from '@livegate/db/idempotency-keys';
import { newId } from '@livegate/domain/ids';
import { keyPurpose } from '@livegate/domain/key-purpose';
import { aCheck, aClient } from '@livegate/test-kit/builders';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { afterAll, describe, expect, it } from 'vitest';
import { runAdmin } from './run-admin.ts';

const { url, db } = await cloneDatabase();
const keyDir = await mkdtemp(join(tmpdir(), 'livegate-admin-'));
afterAll(() => rm(keyDir, { recursive: true }));
/** The ring of a service that was running before. */
const running = await openKeyRing({ dir: keyDir });

async function admin(...args: string[]) {
  const [printed, complaints]: string[][] = [[], []];
  const code = await runAdmin({
    args: [...args, '--json'],
    env: { DATABASE_URL: url, LIVEGATE_KEY_DIR: keyDir },
    print: (text) => void printed?.push(text),
    complain: (text) => void complaints?.push(text),
  });
  return { code, rows: (printed ?? []).map((line) => JSON.parse(line)), complaints: complaints?.join('\n') };
}

async function aSecret() {
  const [id, clientId] = [newId('check'), await aClient(db)];
  const secret = randomBytes(20).toString('hex');
  const purpose = keyPurpose.webhookSecret(clientId, id);
  await aCheck(db, { id, clientId, webhookSecret: running.wrap(Buffer.from(secret), purpose) });
  await keepAnswer(db, {
    clientId,
    key: 'order 1',
    fingerprint: randomBytes(32),
    answer: running.wrap(Buffer.from(secret), keyPurpose.answer(clientId, 'order 1')),
  });
  const endpointId = newId('endpoint');
  const endpointPurpose = keyPurpose.endpointSecret(clientId, endpointId);
  await insertEndpoint(db, {
    clientId,
    id: endpointId,
    url: 'https://example.com/hooks',
    description: '',
    events: [],
    wrapped: running.wrap(Buffer.from(secret), endpointPurpose),
  });
  return async () => {
    const endpoint = (
      await db.query('select wrapped from webhook_endpoint_secrets where endpoint_id = $1', [endpointId])
    ).rows[0].wrapped;
    const check = (await db.query('select webhook_secret as wrapped from checks where id = $1', [id])).rows[0].wrapped;
    const answer = (await db.query('select answer as wrapped from idempotency_keys where client_id = $1', [clientId]))
      .rows[0].wrapped;
    for (const opened of [
      running.unwrap(check, purpose),
      running.unwrap(endpoint, endpointPurpose),
      running.unwrap(answer, keyPurpose.answer(clientId, 'order 1')),
    ]) {
      expect(opened.toString()).toBe(secret);
    }
    return { check: running.idOf(check), answer: running.idOf(answer), endpoint: running.idOf(endpoint) };
  };
}

describe('npm run admin -- keys', () => {
  it('rotates with everything running: every secret is wrapped anew and opens as before', async () => {
    const secrets = await Promise.all(Array.from({ length: 205 }, aSecret));
    const old = running.newestId();
    const signed = await running.signing.sign(STATEMENTS.audit, { before: true });
    const { code, rows } = await admin('keys', 'rotate');
    expect({ code, rows }).toMatchObject({ code: 0, rows: [{ rewrapped: 615, lost: 0 }] });
    expect(rows[0].key).not.toBe(old);
    const { key } = rows[0];
    for (const look of secrets) expect(await look()).toEqual({ check: key, answer: key, endpoint: key });
    expect(await verifyStatement(STATEMENTS.audit, signed, running.signing.jwks())).toEqual({ before: true });
    expect((await admin('keys', 'list')).rows).toEqual([
      { key: old, use: 'wraps', newest: false, secrets: 0 },
      { key: rows[0].key, use: 'wraps', newest: true, secrets: 615 },
      expect.objectContaining({ use: 'signs', newest: false }),
      { key: rows[0].signingKey, use: 'signs', newest: true, secrets: null },
    ]);
  });

  it('destroys an old key only when every service must have seen the new one, and nothing needs it', async () => {
    await admin('keys', 'rotate');
    expect(await admin('keys', 'retire')).toMatchObject({ code: 1, complaints: expect.stringContaining('60 s old') });
    const look = await aSecret();
    // As if it were a while later.
    const made = (await readdir(keyDir)).filter((name) => name.startsWith('kek-2')).sort();
    const aged = made.map((name, index) => name.replace(/^kek-\d{13}/, `kek-202601010000${index}`));
    for (const [index, name] of made.entries()) await rename(join(keyDir, name), join(keyDir, aged[index] as string));
    const { code, rows } = await admin('keys', 'retire');
    expect({ code, rows }).toMatchObject({ code: 0, rows: [{ destroyed: true }, { destroyed: true }] });
    expect((await readdir(keyDir)).filter((name) => name.startsWith('kek-'))).toEqual([aged.at(-1)]);
    await look();
  });

  it('destroys nothing while a secret cannot be opened', async () => {
    await aCheck(db, { webhookSecret: randomBytes(60) });
    expect(await admin('keys', 'retire')).toMatchObject({ code: 1, complaints: expect.stringContaining('1 secrets') });
  });
});
