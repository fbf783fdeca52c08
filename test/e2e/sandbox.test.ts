import { newApiKey, parseApiKey } from '@livegate/crypto/api-key';
import { createApiKey } from '@livegate/db/clients';
import { findScenario, SCENARIOS } from '@livegate/domain/sandbox';
import { decodeImage } from '@livegate/inference/decode-image';
import { eventually } from '@livegate/test-kit/eventually';
import { integrator } from '@livegate/test-kit/integrator';
import { startStack } from '@livegate/test-kit/stack';
import { startWebhookReceiver } from '@livegate/test-kit/webhook-receiver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const stack = await startStack();
const receiver = await startWebhookReceiver();
afterAll(() => receiver.close());
const testKey = newApiKey('test');
const keyId = parseApiKey(testKey)?.keyId ?? '';

beforeAll(async () => {
  const key = parseApiKey(testKey);
  const { rows } = await stack.db.query(`select id from clients where name = 'default'`);
  if (key) await createApiKey(stack.db, { clientId: rows[0].id, ...key });
});

const backend = (scenario?: string) =>
  integrator({ url: stack.url, apiKey: testKey, headers: scenario ? { 'x-sandbox-scenario': scenario } : {} });
const imageOf = async (name: string) =>
  Buffer.from(await (await fetch(`${stack.url}/sandbox/images/${name}.png`)).arrayBuffer());

const verifik = (body: Record<string, unknown>, headers: Record<string, string> = {}) =>
  fetch(`${stack.url}/v2/face-recognition/liveness`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${testKey}`, ...headers },
    body: JSON.stringify({ os: 'IOS', ...body }),
  });
const kairos = (selfie: Buffer, headers: Record<string, string> = {}) => {
  const form = new FormData();
  form.set('selfie', new Blob([new Uint8Array(selfie)]), 'selfie.png');
  return fetch(`${stack.url}/v0.2/liveness-verification`, {
    method: 'POST',
    headers: { 'app-id': keyId, 'app-key': testKey, ...headers },
    body: form,
  });
};
const smartcomply = (body: Record<string, unknown>, headers: Record<string, string> = {}) =>
  fetch(`${stack.url}/api/onboarding/biometrics/face/liveliness_check/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-access-token': testKey, ...headers },
    body: JSON.stringify(body),
  });

const ofEffect = (effect: string) =>
  Object.entries(SCENARIOS).flatMap(([name, { hosted }]) => (hosted.effect === effect ? [name] : []));

const CONFIDENCE: Record<string, number> = { attack: 1.02, at_threshold: 70 };

describe('a hosted check of the sandbox', () => {
  it('goes from pending over in progress to its verdict, with images, a webhook and a mark', async () => {
    const created = await backend('live').create({ webhook_url: receiver.url, audit_images: 2 });
    expect((await backend().get(created.token)).status).toBe(202);
    const done = await backend().untilDone(created.token);
    expect(done.status).toBe(200);
    expect(done.headers.get('x-sandbox')).toBe('true');
    expect(done.headers.get('x-sandbox-scenario')).toBe('live');
    expect(done.body.result).toMatchObject({ passed: true, confidence: 99.98, threshold: 70, reasons: [] });
    expect(done.body.result.image).toMatch(/^data:image\/jpeg;base64,/);
    expect(done.body.result.audit_images).toHaveLength(2);
    const delivery = await eventually(async () => {
      const found = receiver.received.find(({ body }) => body.includes(created.token));
      if (!found) throw new Error('not delivered yet');
      return found;
    });
    expect(JSON.parse(String(delivery.body))).toMatchObject({ event: 'complete', token: created.token });
    expect(delivery.headers['x-sandbox']).toBe('true');
    const { rows } = await stack.db.query(
      /* sql */ `select (select count(*)::int from frame_batches join checks on checks.id = check_id where token = $1) as batches,
                        (select string_agg(to_state::text, ',' order by sequence) from check_transition_log
                           join checks on checks.id = check_id where token = $1) as states`,
      [created.token],
    );
    expect(rows[0]).toEqual({ batches: 0, states: 'pending,in_progress,complete' });
  });

  it('reaches every other verdict and every failure', async () => {
    const names = [...ofEffect('fail'), 'attack', 'at_threshold', 'flat_motion', 'injection_suspected'];
    await Promise.all(
      names.map(async (name) => {
        const { token } = await backend(name).create();
        const { status, body } = await backend().untilDone(token);
        expect(status).toBe(200);
        const hosted = findScenario(name)?.hosted;
        expect(body.result.passed).toBe(false);
        if (hosted?.effect === 'fail') {
          expect(body).toMatchObject({ status: 'failed', failure_reason: hosted.failureReason });
          expect(body.result.reasons).toEqual(hosted.reasons);
        } else expect(body).toMatchObject({ status: 'complete', result: { confidence: CONFIDENCE[name] ?? 0 } });
      }),
    );
  });

  it('expires, with its event', async () => {
    const { token } = await backend('expired').create({ webhook_url: receiver.url });
    const { status, body } = await backend().untilDone(token);
    expect([status, body.status]).toEqual([410, 'expired']);
    await eventually(async () => {
      const found = receiver.received.find((request) => request.body.includes(token));
      expect(JSON.parse(String(found?.body ?? '{}'))).toMatchObject({ event: 'expired' });
    });
  });

  it('stays where it is told to', async () => {
    const pending = await backend('pending').create();
    const started = await backend('in_progress').create();
    await eventually(async () => {
      expect((await backend().get(started.token)).body).toMatchObject({ status: 'in_progress' });
    });
    expect((await backend().get(pending.token)).body).toMatchObject({ status: 'pending' });
  });

  it('is chosen on the page where no header was sent, and takes no camera', async () => {
    const { token, url } = await backend().create();
    const page = await fetch(url);
    expect(page.headers.get('x-sandbox')).toBe('true');
    expect(await page.text()).toContain('value="live"');
    const start = await fetch(`${url}/start`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(start.status).toBe(409);
    const choose = (scenario: string) =>
      fetch(url, { method: 'POST', body: new URLSearchParams({ scenario }), redirect: 'manual' });
    expect((await choose('error')).status).toBe(400);
    expect((await choose('attack')).status).toBe(303);
    expect((await choose('live')).status).toBe(409);
    expect((await backend().untilDone(token)).body.result).toMatchObject({ passed: false });
    expect((await fetch(url)).headers.get('refresh')).toBe(`0; url=https://example.com/return?lc_token=${token}`);
  });

  it('leads back to an address in any script', async () => {
    const { token, url } = await backend('live').create({ return_url: 'https://example.com/電話' });
    await backend().untilDone(token);
    const page = await fetch(url);
    expect([page.status, page.headers.get('refresh')]).toEqual([
      200,
      `0; url=https://example.com/%E9%9B%BB%E8%A9%B1?lc_token=${token}`,
    ]);
  });

  it('answers the errors that it is asked for, on create and on retrieve', async () => {
    const statuses = { limited: 429, quota_used: 429, overloaded: 503, error: 500, wrong_key: 401, revoked_key: 401 };
    for (const [name, status] of Object.entries(statuses)) {
      await expect(backend(name).create()).rejects.toThrow(`create: ${status} `);
      expect((await backend(name).get('a'.repeat(32))).status).toBe(status);
    }
  });
});

describe('an instant check of the sandbox', () => {
  it('is chosen by header, by the hash of an image, or by a URL that is not fetched', async () => {
    const attack = await imageOf('attack');
    const live = await imageOf('live');
    const byHeader = await verifik({ image: live.toString('base64') }, { 'x-sandbox-scenario': 'attack' });
    const byImage = await verifik({ image: attack.toString('base64') });
    const byUrl = await verifik({ image: 'https://images.example.com/sandbox/images/attack.png' });
    for (const answer of [byHeader, byImage, byUrl]) {
      expect(answer.status).toBe(200);
      expect(answer.headers.get('x-sandbox')).toBe('true');
      expect(answer.headers.get('x-sandbox-scenario')).toBe('attack');
      expect(await answer.json()).toMatchObject({ data: { passed: false, liveness_score: 0.0102 } });
    }
    expect(await (await kairos(live)).json()).toMatchObject({
      response_code: 0,
      response_data: { faces_liveness: 0.9998 },
    });
    expect(await (await kairos(await imageOf('multiple_faces'))).json()).toMatchObject({
      response_code: 2,
      response_data: { faces_predicted: [{}, {}] },
    });
    expect(await (await smartcomply({ image: 'https://images.example.com/any.jpg' })).json()).toMatchObject({
      data: { status: true, response_code: '00' },
    });
  });

  it('reaches every documented status of each contract', async () => {
    const statuses = {
      verifik: {
        live: 200,
        no_face: 200,
        wrong_key: 401,
        revoked_key: 403,
        unreadable_image: 412,
        limited: 429,
        error: 500,
      },
      kairos: {
        live: 200,
        no_face: 200,
        wrong_key: 401,
        revoked_key: 401,
        limited: 403,
        quota_used: 403,
        unreadable_image: 400,
        error: 500,
        overloaded: 503,
      },
      smartcomply: {
        live: 200,
        no_face: 200,
        wrong_key: 401,
        unreadable_image: 400,
        unreachable_image: 400,
        limited: 429,
        error: 500,
        timeout: 503,
      },
    };
    const live = await imageOf('live');
    const call = {
      verifik: (headers: Record<string, string>) => verifik({ image: live.toString('base64') }, headers),
      kairos: (headers: Record<string, string>) => kairos(live, headers),
      smartcomply: (headers: Record<string, string>) => smartcomply({ image: live.toString('base64') }, headers),
    };
    for (const [contract, scenarios] of Object.entries(statuses)) {
      for (const [name, status] of Object.entries(scenarios)) {
        const answer = await call[contract as keyof typeof call]({ 'x-sandbox-scenario': name });
        expect([contract, name, answer.status]).toEqual([contract, name, status]);
        if (name === 'no_face') expect(answer.headers.get('x-liveness-reason')).toBe('NO_FACE');
        await answer.arrayBuffer();
      }
    }
  });

  it('is recorded, and no model is asked', async () => {
    await (await kairos(await imageOf('live'))).arrayBuffer();
    const { rows } = await stack.db.query(
      /* sql */ `select state, passed, scenario from checks where sandbox and kind = 'instant' and contract = 'kairos'
                  order by created_at desc limit 1`,
    );
    expect(rows).toEqual([{ state: 'complete', passed: true, scenario: 'live' }]);
    expect((await stack.db.query('select from frame_batches')).rowCount).toBe(0);
  });
});

describe('the border of the sandbox', () => {
  it('refuses a scenario that does not exist, and any scenario for a live key', async () => {
    await expect(backend('LIVE').create()).rejects.toThrow('create: 400 ');
    const live = integrator({ ...stack, headers: { 'x-sandbox-scenario': 'live' } });
    await expect(live.create()).rejects.toThrow('create: 400 ');
  });

  it('keeps the checks of test keys and of live keys from each other, and their Idempotency-Keys', async () => {
    const real = integrator(stack);
    const headers = { 'idempotency-key': 'same' };
    const made = await integrator({ ...stack, headers }).create();
    const played = await integrator({ url: stack.url, apiKey: testKey, headers }).create();
    expect(made.token).not.toBe(played.token);
    const foreign = [await backend().get(made.token), await real.get(played.token)];
    expect(foreign.map(({ status, body }) => [status, body.error.code])).toEqual([
      [400, 'unknown_token'],
      [400, 'unknown_token'],
    ]);
    expect((await real.get(made.token)).headers.get('x-sandbox')).toBeNull();
  });

  it('takes the same request with another scenario for another request', async () => {
    const asked = (scenario: string) =>
      integrator({
        url: stack.url,
        apiKey: testKey,
        headers: { 'idempotency-key': 'played', 'x-sandbox-scenario': scenario },
      });
    const first = await asked('live').create();
    expect((await asked('live').create()).token).toBe(first.token);
    await expect(asked('expired').create()).rejects.toThrow('create: 422 ');
  });

  it('lists its scenarios with images that are images', async () => {
    const { scenarios } = (await (await fetch(`${stack.url}/sandbox/scenarios`)).json()) as {
      scenarios: { name: string; image: string }[];
    };
    expect(scenarios.map(({ name }) => name)).toEqual(Object.keys(SCENARIOS));
    const { picture } = await decodeImage(await imageOf('no_face'));
    expect([picture.width, picture.height]).toEqual([320, 240]);
    expect((await fetch(`${stack.url}/sandbox/images/nothing.png`)).status).toBe(404);
  });
});
