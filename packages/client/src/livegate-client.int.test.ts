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
});
