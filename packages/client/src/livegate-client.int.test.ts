import { startApi } from '@livegate/test-kit/api';
import { describe, expect, it } from 'vitest';
import { LivegateError, livegateClient } from './livegate-client.ts';

const { url, apiKey, database } = await startApi();
const pauses: number[] = [];
const client = livegateClient({
  baseUrl: `${url}/`,
  apiKey,
  sleep: async (ms) => {
    pauses.push(ms);
    if (pauses.length === 6) await database.db.query('update checks set link_expires_at = now()');
  },
});
const wish = { return_url: 'https://example.com/return' };

describe('the client', () => {
  it('creates a check, and the same one for the same Idempotency-Key', async () => {
    const first = await client.create(wish, { idempotencyKey: 'order-1' });
    expect(await client.create(wish, { idempotencyKey: 'order-1' })).toEqual(first);
    expect(await client.retrieve(first.token)).toBeNull();
  });

  it('waits with a growing pause until the check has ended', async () => {
    const { token } = await client.create(wish);
    expect(await client.wait(token)).toEqual({ state: 'expired' });
    expect(pauses).toEqual([2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
  });

  it('raises the server’s own code', async () => {
    await expect(client.create({ ...wish, threshold: 100 })).rejects.toMatchObject({
      status: 400,
      code: 'invalid_request',
      field: 'threshold',
      reference: expect.any(String),
    });
    await expect(client.retrieve('nothing')).rejects.toBeInstanceOf(LivegateError);
    const stranger = livegateClient({ baseUrl: url, apiKey: 'wrong' });
    await expect(stranger.create(wish)).rejects.toMatchObject({ status: 401, code: 'unauthenticated' });
  });

  it('stops waiting when it is told to', async () => {
    const patient = livegateClient({ baseUrl: url, apiKey });
    const { token } = await patient.create(wish);
    await expect(patient.wait(token, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });

  /** The real server, behind a line that fails now and then. */
  const shaky = (...troubles: (number | 'away' | null)[]) =>
    livegateClient({
      baseUrl: url,
      apiKey,
      sleep: async () => undefined,
      fetch: async (input, init) => {
        const trouble = init?.method === 'POST' ? null : (troubles.shift() ?? null);
        if (trouble === 'away') return fetch('http://127.0.0.1:9/');
        return trouble ? new Response('<h1>Bad gateway</h1>', { status: trouble }) : fetch(input, init);
      },
    });
  const anExpiredCheck = async () => {
    const { token } = await client.create(wish);
    await database.db.query('update checks set link_expires_at = now() where token = $1', [token]);
    return token;
  };

  it('outlives a server that is away or busy for a while', async () => {
    const token = await anExpiredCheck();
    expect(await shaky(503, 'away', 502, 429).wait(token)).toEqual({ state: 'expired' });
  });

  it('gives up on a server that stays away, and at once on a refusal', async () => {
    const token = await anExpiredCheck();
    await expect(shaky(503, 503, 503, 'away', 504).wait(token)).rejects.toMatchObject({ status: 504, code: 'unknown' });
    await expect(shaky('away', 500).wait(token)).rejects.toMatchObject({ status: 500 });
    await expect(client.wait('nothing')).rejects.toMatchObject({ status: 400, code: 'unknown_token' });
  });
});
