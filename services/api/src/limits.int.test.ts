import { newApiKey, parseApiKey } from '@livegate/crypto/api-key';
import { createApiKey, createClient } from '@livegate/db/clients';
import { setLimits } from '@livegate/db/limits';
import { startApi } from '@livegate/test-kit/api';
import { describe, expect, it } from 'vitest';

const { url, apiKey, database } = await startApi();
const { db } = database;

type Limits = { requestsPerMinute?: number; checksPerMonth?: number; openChecks?: number };

/** A client with these limits and a live and a test key. */
async function limited(limits: Limits): Promise<{ live: string; test: string; clientId: string }> {
  const clientId = await createClient(db, { name: 'limited' });
  const unnamed = { requestsPerMinute: undefined, checksPerMonth: undefined, openChecks: undefined };
  await setLimits(db, { clientId, ...unnamed, ...limits });
  const [live, test] = [newApiKey('live'), newApiKey('test')];
  for (const text of [live, test]) {
    const key = parseApiKey(text);
    if (!key) throw new Error('a new key must parse');
    await createApiKey(db, { clientId, ...key });
  }
  return { live, test, clientId };
}

const json = { 'content-type': 'application/json' };
const create = (key: string, headers: Record<string, string> = {}, base = url) =>
  fetch(`${base}/liveness_check`, {
    method: 'POST',
    headers: { ...json, authorization: `Bearer ${key}`, ...headers },
    body: JSON.stringify({ return_url: 'https://example.com/return' }),
  });
const poll = (key: string, token: string) =>
  fetch(`${url}/liveness_check?token=${token}`, { headers: { authorization: `Bearer ${key}` } });

const CONTRACTS = {
  globaldata: { call: create, status: 429 },
  verifik: {
    call: (key: string) =>
      fetch(`${url}/v2/face-recognition/liveness`, {
        method: 'POST',
        headers: { ...json, authorization: `Bearer ${key}` },
        body: '{}',
      }),
    status: 429,
  },
  kairos: {
    call: (key: string) =>
      fetch(`${url}/v0.1/liveness-verification`, {
        method: 'POST',
        headers: { app_id: key.split('_')[2] ?? '', app_key: key },
        body: new FormData(),
      }),
    // The one vendor that answers limits, and nothing else, with 403.
    status: 403,
  },
  smartcomply: {
    call: (key: string) =>
      fetch(`${url}/api/onboarding/biometrics/face/liveliness_check/`, {
        method: 'POST',
        headers: { ...json, 'x-access-token': key },
        body: '{}',
      }),
    status: 429,
  },
};

describe('the rate of a key', () => {
  it.each(Object.entries(CONTRACTS))('is held on %s, in its own shape, with Retry-After', async (name, contract) => {
    const { live } = await limited({ requestsPerMinute: 1 });
    const first = await contract.call(live);
    expect([429, 403]).not.toContain(first.status);
    const second = await contract.call(live);
    expect(second.status).toBe(contract.status);
    const seconds = Number(second.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    const body = await second.json();
    const shapes: Record<string, unknown> = {
      globaldata: { error: { code: 'rate_limited', message: expect.any(String) }, reference: expect.any(String) },
      verifik: { message: 'too_many_requests', code: 'ERROR' },
      kairos: { error: { code: 'rate_limited', message: expect.any(String) }, api_req_uid: expect.any(String) },
      smartcomply: { status: 'failed', data: [], message: expect.any(String) },
    };
    expect(body).toEqual(shapes[name]);
  });

  it('is one for all contracts, and counts polling', async () => {
    const { live } = await limited({ requestsPerMinute: 1 });
    expect((await poll(live, 'a'.repeat(32))).status).toBe(400);
    expect((await CONTRACTS.verifik.call(live)).status).toBe(429);
  });

  it('does not hold a client without limits', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => poll(apiKey, 'a'.repeat(32))));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([400]));
  });
});

describe('the number of checks', () => {
  it('ends with the quota of the month; a repeated request and the sandbox are free', async () => {
    const { live, test } = await limited({ checksPerMonth: 1 });
    const once = { 'idempotency-key': 'once' };
    expect((await create(live, once)).status).toBe(201);
    expect((await create(live, once)).status).toBe(201);
    const refused = await create(live);
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ error: { code: 'quota_exceeded' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await create(test)).status).toBe(201);
  });

  it('ends with as many open checks as the client may have, and begins again when one ends', async () => {
    const { live, clientId } = await limited({ openChecks: 2 });
    const answers = await Promise.all(Array.from({ length: 5 }, () => create(live)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(3);
    await db.query(
      /* sql */ `update checks set state = 'expired', finished_at = now()
                  where id = (select id from checks where client_id = $1 limit 1)`,
      [clientId],
    );
    expect((await create(live)).status).toBe(201);
  });
});

describe('the rate of a link', async () => {
  const strict = await startApi({ mode: 'production' });
  const linkOf = async (api: { url: string; apiKey: string }) =>
    ((await (await create(api.apiKey, {}, api.url)).json()) as { url: string }).url;

  it('is not held in development', async () => {
    const link = await linkOf({ url, apiKey });
    const answers = await Promise.all(Array.from({ length: 320 }, () => fetch(`${link}/status`)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  it('lets a page do its work and stops a script', async () => {
    const link = await linkOf(strict);
    const answers: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      const some = await Promise.all(Array.from({ length: 50 }, () => fetch(`${link}/status`)));
      answers.push(...some.map(({ status }) => status));
    }
    expect(answers.slice(0, 100).every((status) => status === 200)).toBe(true);
    expect(answers).toContain(429);
  });
});
