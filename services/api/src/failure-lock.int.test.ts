import { webhookBody } from '@livegate/contracts/webhook-event';
import { newApiKey, parseApiKey } from '@livegate/crypto/api-key';
import { setFailureLock, setPolicies } from '@livegate/db/client-policies';
import { createApiKey, createClient } from '@livegate/db/clients';
import { deleteOldFailures } from '@livegate/db/failures';
import { finishCheck } from '@livegate/db/finish-check';
import type { FailureLock } from '@livegate/domain/failure-lock';
import { randomAlphanumeric } from '@livegate/domain/ids';
import { captureClient } from '@livegate/test-kit/capture-client';
import { eventually } from '@livegate/test-kit/eventually';
import { emptyRoom, genuineFace } from '@livegate/test-kit/faces';
import { integrator } from '@livegate/test-kit/integrator';
import { startStack } from '@livegate/test-kit/stack';
import { describe, expect, it } from 'vitest';

const stack = await startStack();
const { db } = stack;

/** A client of its own, with a live and a test key. */
async function aClientWith(lock: FailureLock | null = null) {
  const clientId = await createClient(db, { name: randomAlphanumeric(8) });
  await setFailureLock(db, { clientId, lock });
  const keys = { live: newApiKey('live'), test: newApiKey('test') };
  for (const text of Object.values(keys)) {
    const key = parseApiKey(text);
    if (!key) throw new Error('a new key must parse');
    await createApiKey(db, { clientId, ...key });
  }
  return { clientId, ...keys };
}

const json = { 'content-type': 'application/json' };
const create = (apiKey: string, person?: string) =>
  fetch(`${stack.url}/liveness_check`, {
    method: 'POST',
    headers: { ...json, authorization: `Bearer ${apiKey}` },
    body: JSON.stringify({
      return_url: 'https://example.com/return',
      challenge: 'none',
      ...(person ? { person_reference: person } : {}),
    }),
  });

type Failing = { clientId: string; live: string };

/** Makes checks of a person fail, as the lifecycle does; `event` says how. */
async function fail(
  { live }: Failing,
  person: string,
  { times = 1, event = 'verdict' as 'verdict' | 'deadline' } = {},
) {
  for (let time = 0; time < times; time += 1) {
    const { token } = (await (await create(live, person)).json()) as { token: string };
    await db.transaction(async (tx) => {
      const { rows } = await tx.query(`update checks set state = 'in_progress' where token = $1 returning id`, [token]);
      const verdict = { passed: false, confidence: 1, threshold: 70, reasons: [] };
      await finishCheck(tx, {
        checkId: rows[0].id,
        ending:
          event === 'verdict'
            ? { event, verdict, score: 0.01, boundingBox: null, keptDataKey: null }
            : { event: 'fail', failureReason: 'deadline', reasons: [] },
        buildBody: webhookBody,
      });
    });
  }
}
const age = (clientId: string, seconds: number) =>
  db.query(`update failures set at = at - make_interval(secs => $2) where client_id = $1`, [clientId, seconds]);

const ONE_SHOT = {
  verifik: {
    path: '/v2/face-recognition/liveness',
    status: 429,
    body: { message: 'too_many_requests', code: 'ERROR' },
  },
  smartcomply: {
    path: '/api/onboarding/biometrics/face/liveliness_check/',
    status: 429,
    body: { status: 'failed', data: [], message: expect.stringContaining('please wait') },
  },
  kairos: {
    path: '/v0.1/liveness-verification',
    // The one vendor that answers limits, and nothing else, with 403.
    status: 403,
    body: {
      error: { code: 'too_many_failures', message: expect.stringContaining('please wait') },
      api_req_uid: expect.any(String),
    },
  },
} as const;

async function oneShot(contract: keyof typeof ONE_SHOT, { apiKey, person }: { apiKey: string; person?: string }) {
  const image = await emptyRoom();
  const form = new FormData();
  form.set('selfie', new Blob([new Uint8Array(image)]), 'a.jpg');
  form.set('threshold', '0.6');
  const isForm = contract === 'kairos';
  return fetch(stack.url + ONE_SHOT[contract].path, {
    method: 'POST',
    headers: {
      ...(isForm ? { app_id: apiKey.split('_')[2] ?? '', app_key: apiKey } : json),
      ...(contract === 'verifik' ? { authorization: `Bearer ${apiKey}` } : {}),
      ...(contract === 'smartcomply' ? { 'x-access-token': apiKey } : {}),
      ...(person ? { 'x-person-reference': person } : {}),
    },
    body: isForm ? form : JSON.stringify({ os: 'IOS', image: image.toString('base64') }),
  });
}

describe('a person who fails five times in three minutes', () => {
  it('has to wait a quarter of an hour, and others do not', async () => {
    const client = await aClientWith();
    await fail(client, 'anna', { times: 4 });
    expect((await create(client.live, 'anna')).status).toBe(201);
    await fail(client, 'anna');
    const refused = await create(client.live, 'anna');
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ error: { code: 'too_many_failures' } });
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(880);
    expect(seconds).toBeLessThanOrEqual(900);
    expect((await create(client.live, 'berta')).status).toBe(201);
    expect((await create(client.live)).status).toBe(201);
    expect((await create(client.test, 'anna')).status).toBe(201);
    expect((await create((await aClientWith()).live, 'anna')).status).toBe(201);
    await age(client.clientId, 900);
    expect((await create(client.live, 'anna')).status).toBe(201);
  });

  it('is not one who fails five times in longer, nor one whose checks ended otherwise', async () => {
    const client = await aClientWith();
    await fail(client, 'anna', { times: 4 });
    await age(client.clientId, 181);
    await fail(client, 'anna', { times: 1 });
    await fail(client, 'anna', { times: 6, event: 'deadline' });
    expect((await create(client.live, 'anna')).status).toBe(201);
  });

  it('waits by the policy of the client, or not at all', async () => {
    const strict = await aClientWith({ failures: 1, windowSeconds: 10, lockSeconds: 60 });
    await fail(strict, 'anna');
    expect(Number((await create(strict.live, 'anna')).headers.get('retry-after'))).toBeLessThanOrEqual(60);
    const lax = await aClientWith({ failures: 0, windowSeconds: 1, lockSeconds: 1 });
    await fail(lax, 'anna', { times: 8 });
    expect((await create(lax.live, 'anna')).status).toBe(201);
  });

  it.each(Object.keys(ONE_SHOT) as (keyof typeof ONE_SHOT)[])(
    'fails and waits on %s too, in its shape',
    async (contract) => {
      const client = await aClientWith({ failures: 2, windowSeconds: 60, lockSeconds: 60 });
      for (let time = 0; time < 2; time += 1)
        expect((await oneShot(contract, { apiKey: client.live, person: 'anna' })).status).toBe(200);
      const refused = await oneShot(contract, { apiKey: client.live, person: 'anna' });
      expect(refused.status).toBe(ONE_SHOT[contract].status);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await refused.json()).toEqual(ONE_SHOT[contract].body);
      expect((await create(client.live, 'anna')).status).toBe(429);
      expect((await oneShot(contract, { apiKey: client.live, person: 'berta' })).status).toBe(200);
    },
  );

  it('gets no further by asking many times at once', async () => {
    const client = await aClientWith({ failures: 3, windowSeconds: 60, lockSeconds: 60 });
    const asked = Array.from({ length: 12 }, () => oneShot('verifik', { apiKey: client.live, person: 'anna' }));
    const answers = await Promise.all(asked);
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(3);
    const { rows } = await db.query('select count(*)::int as made from checks where client_id = $1', [client.clientId]);
    expect(rows[0].made).toBeLessThanOrEqual(3);
  });
});

describe('a device', () => {
  const linkOf = async (key: string): Promise<string> => ((await (await create(key)).json()) as { url: string }).url;

  it('has to wait at the start when its captures failed, another does not; then the link is good again', async () => {
    const client = await aClientWith({ failures: 2, windowSeconds: 60, lockSeconds: 60 });
    const cookies = new Map<string, string>();
    // The same pictures a second and a third time: that fails where the client says so.
    await setPolicies(db, { clientId: client.clientId, riskPolicy: 'fail' });
    const face = await genuineFace();
    const backend = integrator({ url: stack.url, apiKey: client.live });
    for (const passes of [true, false, false]) {
      const { token, url } = await backend.create();
      await captureClient(url, cookies).submit(face);
      expect((await backend.untilDone(token)).body.result.passed).toBe(passes);
    }
    const link = await linkOf(client.live);
    const refused = await captureClient(link, cookies).start();
    expect(refused).toMatchObject({ status: 429, body: { code: 'too_many_failures' } });
    expect((await captureClient(await linkOf(client.live)).start()).status).toBe(200);
    expect((await captureClient(await linkOf((await aClientWith()).live), cookies).start()).status).toBe(200);
    await age(client.clientId, 60);
    expect((await captureClient(link, cookies).start()).status).toBe(200);
  });

  it('is kept as a keyed hash while the check is open, and nothing of its number or address is', async () => {
    const client = await aClientWith();
    const cookies = new Map<string, string>();
    const { token, url } = await integrator({ url: stack.url, apiKey: client.live }).create();
    await captureClient(url, cookies).start();
    const digest = async () =>
      (
        await db.query(
          'select device_digest as digest, row_to_json(checks)::text as line from checks where token = $1',
          [token],
        )
      ).rows[0];
    const { digest: kept, line } = await digest();
    expect(kept).toHaveLength(32);
    const number = cookies.get('livegate-device') as string;
    expect(number).toHaveLength(43);
    expect(line).not.toContain(number);
    expect(line).not.toContain('127.0.0.1');
    await db.query('update checks set link_expires_at = now() where token = $1', [token]);
    await eventually(async () => expect((await digest()).digest).toBeNull());
  });
});

it('forgets failures when they can lock nobody any more, and with their check', async () => {
  const client = await aClientWith();
  const count = async () => (await db.query('select from failures where client_id = $1', [client.clientId])).rowCount;
  await fail(client, 'anna', { times: 3 });
  await db.query(
    `update failures set at = now() - interval '2 hours' where check_id = (select min(check_id) from failures where client_id = $1)`,
    [client.clientId],
  );
  expect(await deleteOldFailures(db, 100)).toBe(1);
  expect(await count()).toBe(2);
  const { rows } = await db.query('select reference from checks where client_id = $1', [client.clientId]);
  for (const { reference } of rows)
    await fetch(`${stack.url}/checks/${reference}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${client.live}` },
    });
  expect(await count()).toBe(0);
});
