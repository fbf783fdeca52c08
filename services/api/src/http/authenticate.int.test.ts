import { crc32 } from 'node:zlib';
import { newApiKey, type ParsedApiKey, parseApiKey } from '@livegate/crypto/api-key';
import { createApiKey, disableClient, revokeApiKey } from '@livegate/db/clients';
import { aClient } from '@livegate/test-kit/builders';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import type { Request, Response } from 'express';
import { describe, expect, it } from 'vitest';
import { authenticate, bearer, type Caller, callerOf } from './authenticate.ts';

const { db } = await cloneDatabase();
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A key that was given to a client of its own. */
async function aKey(mode: 'live' | 'test' = 'live') {
  const text = newApiKey(mode);
  const parsed = parseApiKey(text) as ParsedApiKey;
  const clientId = await aClient(db);
  await createApiKey(db, { clientId, ...parsed });
  return { text, clientId, keyId: parsed.keyId };
}
const MISSING = 'No key was sent.';
const WRONG = 'The key is wrong.';

/** Who `authenticate` lets pass with this key; rejects as it does. */
async function identify(text: string | null): Promise<Caller> {
  const response = { locals: {} } as Response;
  let passed = false;
  const handler = authenticate(db, { read: () => text, missing: MISSING, wrong: WRONG });
  await handler({} as Request, response, () => {
    passed = true;
  });
  expect(passed).toBe(true);
  return callerOf(response);
}
const refusal = (text: string | null) =>
  identify(text).catch((error) => ({ code: error.code, message: error.message }));
const UNKNOWN = { code: 'unauthenticated', message: WRONG };
const NOT_USABLE = { code: 'key_not_usable', message: 'The API key is no longer valid.' };

describe('authenticate', () => {
  it('knows the client who holds a key, and notes that it was used', async () => {
    const { text, clientId, keyId } = await aKey();
    const limits = { requestsPerMinute: null, checksPerMonth: null, openChecks: null };
    const { databaseTime, ...caller } = await identify(text);
    expect(caller).toEqual({ clientId, keyId, mode: 'live', limits });
    const { now } = (await db.query('select clock_timestamp() as now')).rows[0];
    expect(Math.abs(databaseTime().getTime() - now.getTime())).toBeLessThan(5_000);
    const { rows } = await db.query('select last_used_at is not null as used from api_keys where id = $1', [keyId]);
    expect(rows).toEqual([{ used: true }]);
  });

  it('tells apart the keys of two clients', async () => {
    const [one, other] = [await aKey(), await aKey()];
    expect((await identify(one.text)).clientId).toBe(one.clientId);
    expect((await identify(other.text)).clientId).toBe(other.clientId);
  });

  it.each([
    ['an empty one', async () => ''],
    ['what is not a key', async () => 'lv_live_short'],
    ['a key nobody was given', async () => newApiKey('live')],
    ['a key with the id of another: only the id is right', async () => withIdOf((await aKey()).text)],
  ])('refuses %s, and never says why', async (_, make) => {
    expect(await refusal(await make())).toEqual(UNKNOWN);
  });

  it('says when there was no key at all', async () => {
    expect(await refusal(null)).toEqual({ code: 'unauthenticated', message: MISSING });
  });

  it('knows a test key as one', async () => {
    const { text, clientId } = await aKey('test');
    expect(await identify(text)).toMatchObject({ clientId, mode: 'test' });
  });

  it('is not to be forgotten on a route', () => {
    expect(() => callerOf({ locals: {} } as Response)).toThrow('does not authenticate');
  });

  it('tells the holder of a right key that it is revoked, expired or of a disabled client', async () => {
    const [revoked, expired, disabled] = [await aKey(), await aKey(), await aKey()];
    await revokeApiKey(db, revoked.keyId);
    await db.query(`update api_keys set expires_at = now() - interval '1 second' where id = $1`, [expired.keyId]);
    await disableClient(db, disabled.clientId);
    for (const { text, keyId } of [revoked, expired, disabled]) {
      expect(await refusal(text)).toEqual(NOT_USABLE);
      const { rows } = await db.query('select last_used_at from api_keys where id = $1', [keyId]);
      expect(rows).toEqual([{ last_used_at: null }]);
    }
  });

  it('does not tell a guesser that a key with this id was revoked', async () => {
    const { text, keyId } = await aKey();
    await revokeApiKey(db, keyId);
    expect(await refusal(withIdOf(text))).toEqual(UNKNOWN);
  });
});

/** A well-formed key, checksum and all, with the id of `text` and a secret of its own. */
function withIdOf(text: string): string {
  const body = `lv_live_${text.slice(8, 20)}_${newApiKey('live').slice(21, 64)}`;
  let rest = crc32(body);
  let checksum = '';
  for (let digit = 0; digit < 6; digit += 1) {
    checksum = BASE62[rest % 62] + checksum;
    rest = Math.floor(rest / 62);
  }
  return body + checksum;
}

describe('the bearer key of a request', () => {
  const request = (authorization?: string) =>
    ({ headersDistinct: authorization === undefined ? {} : { authorization: [authorization] } }) as unknown as Request;

  it.each([
    ['Bearer abc', 'abc'],
    ['bearer abc', 'abc'],
    ['BEARER   abc', 'abc'],
    ['Bearer', null],
    ['Bearer ', null],
    ['Bearerabc', null],
    ['Bearer abc def', null],
    ['Basic abc', null],
    ['x Bearer abc', null],
    ['abc', null],
    [undefined, null],
  ])('%s → %s', (header, key) => {
    expect(bearer.read(request(header))).toBe(key);
  });
});
