import { createResponse, errorResponse } from '@livegate/contracts/globaldata';
import { newApiKey, parseApiKey } from '@livegate/crypto/api-key';
import { createApiKey } from '@livegate/db/clients';
import { startApi } from '@livegate/test-kit/api';
import { aClient } from '@livegate/test-kit/builders';
import request from 'supertest';
import { describe, expect, it } from 'vitest';

const { url, apiKey, database } = await startApi();
const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const wish = { return_url: 'https://example.com/return' };
const post = (body: unknown, key = apiKey) =>
  request(url)
    .post('/liveness_check')
    .set('Authorization', `Bearer ${key}`)
    .send(body as object);
const get = (query: string, key = apiKey) =>
  request(url).get(`/liveness_check${query}`).set('Authorization', `Bearer ${key}`);

async function anotherClientsKey(): Promise<string> {
  const key = newApiKey('live');
  const parsed = parseApiKey(key);
  if (!parsed) throw new Error('a new key must parse');
  await createApiKey(database.db, { clientId: await aClient(database.db), ...parsed });
  return key;
}

describe('POST /liveness_check', () => {
  it('answers 201 with token, link, secret and reference', async () => {
    const { status, body, headers } = await post({ ...wish, webhook_url: 'https://hooks.example.com/a?b=c' });
    expect(status).toBe(201);
    expect(createResponse.parse(body)).toEqual(body);
    expect(body.token).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(body.url).toMatch(new RegExp(`^${url}/c/[A-Za-z0-9_-]{43}$`));
    expect(Buffer.from(body.secret.slice('whsec_'.length), 'base64')).toHaveLength(32);
    expect(body.webhook_url).toBe('https://hooks.example.com/a?b=c');
    expect(body.reference).toMatch(UUID_V4);
    expect(headers.location).toBe(`/liveness_check?token=${body.token}`);
    expect(headers['x-request-id']).toBe(body.reference);
    expect(headers['cache-control']).toBe('no-store');
  });

  it('leaves webhook_url out when it was not supplied, and ignores keys it does not know', async () => {
    const { status, body } = await post({ ...wish, colour: 'blue' });
    expect(status).toBe(201);
    expect(body).not.toHaveProperty('webhook_url');
  });

  const bounds = [
    { field: 'link_valid_mins', good: [5, 30], bad: [4, 31, '10', 10.5, true, null] },
    { field: 'threshold', good: [0, 99], bad: [-1, 100, '70', 70.5, false] },
    { field: 'audit_images', good: [0, 4], bad: [-1, 5, '2', 1.5, []] },
    { field: 'challenge', good: ['none', 'turn'], bad: ['wave', 1, ''] },
    {
      field: 'return_url',
      good: ['https://a.example.com/x?y=z#here', 'http://127.0.0.1:9/x', 'http://localhost:9'],
      bad: [
        undefined,
        null,
        '',
        7,
        'no url',
        'ftp://example.com',
        'http://example.com',
        'https://u:p@example.com',
        'https://10.0.0.1/',
        'javascript:alert(1)',
        `https://example.com/${'x'.repeat(2_048)}`,
      ],
    },
    {
      field: 'webhook_url',
      good: ['https://example.com/hook'],
      bad: [
        null,
        'http://example.com',
        'https://example.com/#x',
        'https://169.254.169.254/',
        'https://192.168.1.4/',
        'https://intranet/',
      ],
    },
  ];
  it.each(bounds.flatMap(({ field, good }) => good.map((value) => ({ field, value }))))(
    'accepts $field $value',
    async ({ field, value }) => {
      expect((await post({ ...wish, [field]: value })).status).toBe(201);
    },
  );
  it.each(bounds.flatMap(({ field, bad }) => bad.map((value) => ({ field, value }))))(
    'refuses $field $value with 400, naming the field',
    async ({ field, value }) => {
      const { status, body } = await post({ ...wish, [field]: value });
      expect(status).toBe(400);
      expect(errorResponse.parse(body)).toEqual(body);
      expect(body.error).toMatchObject({ code: 'invalid_request', field });
    },
  );

  it.each([
    ['text that is no JSON', '{"return_url":', 'application/json', 400],
    ['an array', '[]', 'application/json', 400],
    ['a string', '"x"', 'application/json', 400],
    ['no body', '', 'application/json', 400],
    ['a form', 'return_url=https://example.com', 'application/x-www-form-urlencoded', 400],
    ['more than 64 KB', JSON.stringify({ ...wish, pad: 'x'.repeat(70_000) }), 'application/json', 413],
    ['45,000 nested arrays', `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 'application/json', 400],
  ])('refuses %s in its own shape', async (_name, text, type, expected) => {
    const { status, body } = await request(url)
      .post('/liveness_check')
      .set('Authorization', `Bearer ${apiKey}`)
      .set('Content-Type', type)
      .send(text);
    expect(status).toBe(expected);
    expect(errorResponse.parse(body)).toEqual(body);
    expect(body.reference).toMatch(UUID_V4);
  });

  it('refuses a compressed body: a small one can unpack to anything', async () => {
    const { status, body } = await request(url)
      .post('/liveness_check')
      .set('Authorization', `Bearer ${apiKey}`)
      .set('Content-Type', 'application/json')
      .set('Content-Encoding', 'gzip')
      .send('x');
    expect(status).toBe(400);
    expect(body.error.code).toBe('unsupported_media_type');
  });
});

describe('Idempotency-Key', () => {
  const repeat = (key: string, body: object = wish) => post(body).set('Idempotency-Key', key);

  it('answers a repeated create as the first, and creates once', async () => {
    const first = await repeat('order-1');
    const second = await repeat('order-1');
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).toEqual(first.body);
    expect([first.headers['idempotent-replayed'], second.headers['idempotent-replayed']]).toEqual([undefined, 'true']);
    expect(second.headers.location).toBe(first.headers.location);
  });

  it('creates once however many ask at the same time: the others are told to wait', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => repeat('order-2')));
    const created = answers.filter(({ status }) => status === 201);
    expect(new Set(created.map(({ body }) => body.token)).size).toBe(1);
    for (const { status, body } of answers)
      if (status !== 201) expect([status, body.error.code]).toEqual([409, 'idempotency_in_flight']);
    const { rows } = await database.db.query('select count(*)::int as checks from checks where token = $1', [
      created[0]?.body.token,
    ]);
    expect(rows[0].checks).toBe(1);
  });

  it('refuses the key of another wish, and of the wrong form', async () => {
    await repeat('order-3');
    expect((await repeat('order-3', { ...wish, threshold: 1 })).body.error.code).toBe('idempotency_mismatch');
    expect((await repeat('x'.repeat(256))).status).toBe(400);
    const about = (person: string) => repeat('order-3a').set('X-Person-Reference', person);
    expect((await about('anna')).status).toBe(201);
    expect((await about('berta')).body.error.code).toBe('idempotency_mismatch');
  });

  it('belongs to one client and lasts a day', async () => {
    const mine = await repeat('order-4');
    const theirs = await post(wish, await anotherClientsKey()).set('Idempotency-Key', 'order-4');
    expect(theirs.body.token).not.toBe(mine.body.token);
    await database.db.query(`update idempotency_keys set expires_at = now() where key = 'order-4'`);
    expect((await repeat('order-4')).body.token).not.toBe(mine.body.token);
  });

  it('keeps the answer unreadable: it holds the secret', async () => {
    const { body } = await repeat('order-5');
    const { rows } = await database.db.query(`select answer from idempotency_keys where key = 'order-5'`);
    expect(rows[0].answer.includes(body.secret)).toBe(false);
    expect(rows[0].answer.includes(body.token)).toBe(false);
  });

  it('does not remember a refusal', async () => {
    expect((await repeat('order-6', { ...wish, threshold: 100 })).status).toBe(400);
    expect((await repeat('order-6')).status).toBe(201);
  });
});

describe('authentication', () => {
  const malformed = [
    '',
    'Bearer',
    'Bearer  ',
    `Basic ${apiKey}`,
    `Bearer ${apiKey.slice(0, -1)}${apiKey.endsWith('x') ? 'y' : 'x'}`,
    `Bearer ${newApiKey('live')}`,
    `Bearer ${apiKey} ${apiKey}`,
  ];
  it.each(malformed)('answers 401 to "%s", on both operations', async (header) => {
    for (const call of [request(url).post('/liveness_check').send(wish), request(url).get('/liveness_check?token=x')]) {
      const { status, body, headers } = await call.set('Authorization', header);
      expect(status).toBe(401);
      expect(body.error.code).toBe('unauthenticated');
      expect(headers['www-authenticate']).toBe('Bearer');
    }
  });

  it('refuses a revoked, an expired and a disabled client’s key', async () => {
    const key = await anotherClientsKey();
    const keyId = parseApiKey(key)?.keyId;
    expect((await post(wish, key)).status).toBe(201);
    for (const change of ['revoked_at = now()', `revoked_at = null, expires_at = now() - interval '1 second'`]) {
      await database.db.query(`update api_keys set ${change} where id = $1`, [keyId]);
      expect((await post(wish, key)).status).toBe(401);
    }
    await database.db.query('update api_keys set expires_at = null where id = $1', [keyId]);
    await database.db.query(
      'update clients set disabled_at = now() where id = (select client_id from api_keys where id = $1)',
      [keyId],
    );
    expect((await post(wish, key)).status).toBe(401);
  });
});

describe('GET /liveness_check', () => {
  it('answers 202 while the check waits, with when to ask again', async () => {
    const { body: check } = await post(wish);
    const { status, body, headers } = await get(`?token=${check.token}`);
    expect(status).toBe(202);
    expect(body).toEqual({ status: 'pending', token: check.token, reference: check.reference });
    expect(headers['retry-after']).toBe('2');
    expect(headers['cache-control']).toBe('no-store');
  });

  it('takes the token from a header, too: queries end up in logs', async () => {
    const { body: check } = await post(wish);
    expect((await get('').set('X-Check-Token', check.token)).status).toBe(202);
  });

  it.each(['', '?token=', '?token=a&token=b', '?Token=abc'])('answers 400 to "%s"', async (query) => {
    const { status, body } = await get(query);
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ code: 'invalid_request', field: 'token' });
  });

  it('cannot tell another client’s token from one that never was', async () => {
    const { body: check } = await post(wish);
    const key = await anotherClientsKey();
    const foreign = await get(`?token=${check.token}`, key);
    const unknown = await get(`?token=${'x'.repeat(32)}`, key);
    const shown = ({ status, body }: typeof foreign) => ({ status, body: { ...body, reference: '' } });
    expect(foreign.status).toBe(400);
    expect(shown(foreign)).toEqual(shown(unknown));
  });

  it.each(['%00', 'x', '%F0%9F%98%80', "'--"])(
    'answers 400 to the token "%s", as to any unknown one',
    async (token) => {
      expect((await get(`?token=${token}`)).body.error.code).toBe('unknown_token');
    },
  );

  it('answers 410 from the moment the link ends, sweep or no sweep', async () => {
    const { body: check } = await post(wish);
    await database.db.query('update checks set link_expires_at = now() where token = $1', [check.token]);
    const { status, body } = await get(`?token=${check.token}`);
    expect(status).toBe(410);
    expect(body).toEqual({ status: 'expired', reference: check.reference });
  });
});

describe('everything else', () => {
  it('answers 404 as a problem, and 405 on the contract’s own path', async () => {
    const missing = await request(url).get('/nowhere');
    expect(missing.status).toBe(404);
    expect(missing.type).toBe('application/problem+json');
    expect(missing.body).toMatchObject({ code: 'not_found', status: 404, reference: missing.headers['x-request-id'] });
    expect((await request(url).delete('/liveness_check')).status).toBe(405);
  });

  it('is live and ready', async () => {
    expect((await request(url).get('/livez')).status).toBe(200);
    expect((await request(url).get('/readyz')).body).toMatchObject({ ready: true, checks: { database: 'ok' } });
  });
});
