import { crc32 } from 'node:zlib';
import { newApiKey, type ParsedApiKey, parseApiKey } from '@livegate/crypto/api-key';
import { createApiKey, disableClient, revokeApiKey } from '@livegate/db/clients';
import { aClient } from '@livegate/test-kit/builders';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import type { Request } from 'express';
import { describe, expect, it } from 'vitest';
import { bearerKey, identify } from './authenticate.ts';

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
const refusal = (text: string | null) =>
  identify(db, text).catch((error) => ({ code: error.code, message: error.message }));
const UNKNOWN = { code: 'unauthenticated', message: 'A valid API key is required.' };
const NOT_USABLE = { code: 'key_not_usable', message: 'The API key is no longer valid.' };

describe('identify', () => {
  it('knows the client who holds a key, and notes that it was used', async () => {
    const { text, clientId, keyId } = await aKey();
    expect(await identify(db, text)).toEqual({ clientId, keyId, mode: 'live' });
    const { rows } = await db.query('select last_used_at is not null as used from api_keys where id = $1', [keyId]);
    expect(rows).toEqual([{ used: true }]);
  });

  it('tells apart the keys of two clients', async () => {
    const [one, other] = [await aKey(), await aKey()];
    expect((await identify(db, one.text)).clientId).toBe(one.clientId);
    expect((await identify(db, other.text)).clientId).toBe(other.clientId);
  });

  it.each([
    ['no key', async () => null],
    ['an empty one', async () => ''],
    ['what is not a key', async () => 'lv_live_short'],
    ['a key nobody was given', async () => newApiKey('live')],
    ['a key with the id of another: only the id is right', async () => withIdOf((await aKey()).text)],
  ])('refuses %s, and never says why', async (_, make) => {
    expect(await refusal(await make())).toEqual(UNKNOWN);
  });

  it('refuses a test key as if it were unknown, but in words of its own', async () => {
    const { text, keyId } = await aKey('test');
    expect(await refusal(text)).toEqual({ code: 'unauthenticated', message: 'Test keys are not served yet.' });
    const { rows } = await db.query('select last_used_at from api_keys where id = $1', [keyId]);
    expect(rows).toEqual([{ last_used_at: null }]);
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
    ({ get: (name: string) => (name === 'authorization' ? authorization : undefined) }) as unknown as Request;

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
    expect(bearerKey(request(header))).toBe(key);
  });
});
