import { endpointListResponse, endpointWithSecretResponse } from '@livegate/contracts/endpoints';
import { deliveryListResponse, eventListResponse, eventResponse } from '@livegate/contracts/events';
import { metaResponse } from '@livegate/contracts/meta';
import { webhookBody } from '@livegate/contracts/webhook-event';
import { newApiKey, parseApiKey } from '@livegate/crypto/api-key';
import { openKeyRing } from '@livegate/crypto/key-ring';
import { createApiKey } from '@livegate/db/clients';
import { claimDueDeliveries } from '@livegate/db/deliveries';
import { recordAttempts } from '@livegate/db/delivery-attempts';
import { finishCheck } from '@livegate/db/finish-check';
import { keyPurpose } from '@livegate/domain/key-purpose';
import { startApi } from '@livegate/test-kit/api';
import { aCheck, aClient } from '@livegate/test-kit/builders';
import { aFailedAttempt, anAttempt } from '@livegate/test-kit/deliveries';
import request from 'supertest';
import { beforeEach, describe, expect, it } from 'vitest';

const { url, database, keyDir } = await startApi({ env: { LIVEGATE_EGRESS_ADDRESSES: '203.0.113.7, 2001:db8::/48' } });
const { db } = database;
const keyRing = await openKeyRing({ dir: keyDir });

type Caller = { clientId: string; key: string };
async function aCaller(): Promise<Caller> {
  const key = newApiKey('live');
  const clientId = await aClient(db);
  await createApiKey(db, { clientId, ...(parseApiKey(key) as NonNullable<ReturnType<typeof parseApiKey>>) });
  return { clientId, key };
}
const call = (
  method: 'get' | 'post' | 'patch' | 'delete',
  path: string,
  { key }: Pick<Caller, 'key'>,
  body?: object,
) => {
  const sent = request(url)[method](path).set('Authorization', `Bearer ${key}`);
  return body === undefined ? sent : sent.send(body);
};

/** A hosted check of the client that expired; returns the id of its event. */
async function anEvent(
  { clientId }: Pick<Caller, 'clientId'>,
  webhookUrl: string | null = 'https://hooks.example.com/a?t=1',
) {
  const { id } = await aCheck(db, { clientId, webhookUrl });
  await db.query('update checks set link_expires_at = now() where id = $1', [id]);
  return (await db.transaction((tx) =>
    finishCheck(tx, { checkId: id, ending: { event: 'expire' }, buildBody: webhookBody }),
  )) as string;
}
const claim = () => claimDueDeliveries(db, { limit: 64, dispatcher: 1 });

let me: Caller;
let other: Caller;
beforeEach(async () => {
  await db.query(`update deliveries set next_attempt_at = null, dead_at = now() where next_attempt_at is not null`);
  [me, other] = [await aCaller(), await aCaller()];
});

describe('GET /meta', () => {
  it('tells receivers where webhooks come from and when, without a key', async () => {
    const { status, body } = await request(url).get('/meta');
    expect(status).toBe(200);
    expect(metaResponse.parse(body)).toEqual(body);
    expect(body.egress_addresses).toEqual(['203.0.113.7', '2001:db8::/48']);
    expect(body.webhooks).toMatchObject({ attempts: 12, deadline_seconds: 15, replay_window_days: 30 });
    expect(body.webhooks.retry_delays_seconds.slice(0, 3)).toEqual([0, 5, 30]);
  });
});

describe('events and deliveries', () => {
  it('are listed newest first, page by page, each once', async () => {
    const made: string[] = [];
    for (let count = 0; count < 5; count += 1) made.unshift(await anEvent(me));
    await anEvent(other);
    const seen: string[] = [];
    let cursor: string | null = '';
    for (let pages = 0; cursor !== null && pages < 9; pages += 1) {
      const { status, body } = await call('get', `/events?limit=2${cursor && `&cursor=${cursor}`}`, me);
      expect(status).toBe(200);
      expect(eventListResponse.parse(body)).toEqual(body);
      seen.push(...body.events.map(({ id }: { id: string }) => id));
      cursor = body.next_cursor;
    }
    expect(seen).toEqual(made);
    expect((await call('get', '/events?type=complete', me)).body.events).toEqual([]);
    expect((await call('get', `/events?since=${new Date(Date.now() + 60_000).toISOString()}`, me)).body.events).toEqual(
      [],
    );
  });

  it('show what was tried, and the dead letters', async () => {
    const eventId = await anEvent(me);
    const [claimed] = await claim();
    if (!claimed) throw new Error('nothing to claim');
    await recordAttempts(db, [aFailedAttempt(claimed, { response: Buffer.from('no thanks') })]);
    await db.query('update deliveries set next_attempt_at = now() where id = $1', [claimed.deliveryId]);
    const [again] = await claim();
    await recordAttempts(db, [
      anAttempt(again as typeof claimed, { outcome: 'dead', deadReason: 'gone', status: 410 }),
    ]);
    const { body } = await call('get', `/events/${eventId}`, me);
    expect(eventResponse.parse(body)).toEqual(body);
    expect(body.deliveries).toMatchObject([
      {
        state: 'dead',
        dead_reason: 'gone',
        origin: 'https://hooks.example.com',
        endpoint_id: null,
        attempts: [
          { number: 1, outcome: 'retry', status: 500, response: 'no thanks', manual: false },
          { number: 2, outcome: 'dead', status: 410 },
        ],
      },
    ]);
    expect(JSON.stringify(body)).not.toContain('t=1');
    const dead = await call('get', '/deliveries?state=dead', me);
    expect(deliveryListResponse.parse(dead.body).deliveries.map(({ event_id }) => event_id)).toEqual([eventId]);
    expect((await call('get', '/deliveries?state=due', me)).body.deliveries).toEqual([]);
  });

  it.each([
    'limit=0',
    'limit=101',
    'limit=x',
    'cursor=zzz',
    'type=started',
    'since=yesterday',
    'colour=blue',
    'limit=1&limit=2',
  ])('refuse the query %s', async (query) => {
    const { status, body, type } = await call('get', `/events?${query}`, me);
    expect(status).toBe(400);
    expect(type).toBe('application/problem+json');
    expect(body.code).toBe('invalid_request');
  });
});

describe('POST /events/{id}/replay', () => {
  it('tells the event again under its old id', async () => {
    const eventId = await anEvent(me);
    const [first] = await claim();
    await recordAttempts(db, [anAttempt(first as NonNullable<typeof first>)]);
    const { status, body } = await call('post', `/events/${eventId}/replay`, me);
    expect(status).toBe(202);
    expect(body).toEqual({ event_id: eventId, delivery_ids: [first?.deliveryId] });
    expect(await claim()).toMatchObject([{ eventId, manual: true }]);
  });

  it('says so when there is nothing to tell again, and refuses what it does not know', async () => {
    const silent = await anEvent(me, null);
    expect((await call('post', `/events/${silent}/replay`, me)).body).toMatchObject({
      status: 409,
      code: 'nothing_to_replay',
    });
    expect((await call('post', `/events/${silent}/replay`, me, { loud: true })).body.code).toBe('invalid_request');
    expect((await call('get', `/events/${silent}/replay`, me)).status).toBe(405);
  });
});

describe('POST /events/recover', () => {
  it('brings the dead letters of a time range back', async () => {
    const eventId = await anEvent(me);
    await db.query(
      `update deliveries set next_attempt_at = null, dead_at = now(), dead_reason = 'exhausted' where event_id = $1`,
      [eventId],
    );
    const since = new Date(Date.now() - 3_600_000).toISOString();
    expect((await call('post', '/events/recover', me, { since, until: since })).body.code).toBe('invalid_request');
    expect((await call('post', '/events/recover', me, {})).body.code).toBe('invalid_request');
    expect((await call('post', '/events/recover', other, { since })).body).toEqual({ recovered: 0, more: false });
    const { status, body } = await call('post', '/events/recover', me, { since });
    expect([status, body]).toEqual([202, { recovered: 1, more: false }]);
    expect(await claim()).toMatchObject([{ eventId, manual: true }]);
  });
});

describe('webhook endpoints', () => {
  const wish = { url: 'https://hooks.example.com/all' };
  const create = async (caller: Caller, body: object = wish) => {
    const answer = await call('post', '/webhook_endpoints', caller, body);
    expect(answer.status).toBe(201);
    expect(endpointWithSecretResponse.parse(answer.body)).toEqual(answer.body);
    return answer.body as { id: string; secret: string; url: string };
  };
  const secretsOf = (claimed: { secrets: Buffer[] } | undefined, { clientId }: Caller, id: string) =>
    claimed?.secrets.map((wrapped) => keyRing.unwrap(wrapped, keyPurpose.endpointSecret(clientId, id)).toString());

  it('hear of every hosted check of their client, each under its own secret, which is shown once', async () => {
    const { id, secret } = await create(me);
    const eventId = await anEvent(me, 'https://hooks.example.com/all');
    await anEvent(other, null);
    const claimed = await claim();
    expect(claimed.map((delivery) => [delivery.eventId, delivery.endpointId])).toEqual(
      expect.arrayContaining([
        [eventId, null],
        [eventId, id],
      ]),
    );
    expect(claimed).toHaveLength(2);
    expect(
      secretsOf(
        claimed.find(({ endpointId }) => endpointId === id),
        me,
        id,
      ),
    ).toEqual([secret]);
    const shown = [
      await call('get', `/webhook_endpoints/${id}`, me),
      await call('get', '/webhook_endpoints', me),
      await call('patch', `/webhook_endpoints/${id}`, me, { description: 'all' }),
    ];
    for (const { status, text } of shown) {
      expect(status).toBe(200);
      expect(text).not.toContain(secret);
    }
    expect(endpointListResponse.parse(shown[1]?.body).endpoints).toHaveLength(1);
  });

  it('hear of the events they asked for only', async () => {
    await create(me, { ...wish, events: ['complete', 'failed'] });
    const { id } = await create(me, { ...wish, events: ['expired'] });
    await anEvent(me, null);
    expect((await claim()).map(({ endpointId }) => endpointId)).toEqual([id]);
  });

  it('sign with old and new secret while one follows the other, and with the new one alone after a leak', async () => {
    const { id, secret: first } = await create(me);
    const rotate = (body?: object) => call('post', `/webhook_endpoints/${id}/rotate_secret`, me, body);
    const { status, body } = await rotate();
    expect(status).toBe(201);
    await anEvent(me, null);
    expect(secretsOf((await claim())[0], me, id)).toEqual([body.secret, first]);
    const { rows } = await db.query(
      `select extract(epoch from expires_at - now())::float8 as seconds from webhook_endpoint_secrets where endpoint_id = $1 and expires_at is not null`,
      [id],
    );
    expect(rows[0].seconds).toBeGreaterThan(86_390);
    expect(rows[0].seconds).toBeLessThanOrEqual(86_400);
    const afterLeak = (await rotate({ overlap_seconds: 0 })).body.secret;
    await anEvent(me, null);
    expect(secretsOf((await claim())[0], me, id)).toEqual([afterLeak]);
    for (let count = 0; count < 10; count += 1) expect((await rotate()).status).toBe(201);
    const refused = await rotate();
    expect(refused.body).toMatchObject({ status: 409, code: 'too_many_secrets' });
    expect((await rotate({ overlap_seconds: 86_401 })).body.code).toBe('invalid_request');
    expect((await rotate({ overlap_seconds: 0 })).status).toBe(201);
  });

  it('that are disabled hear nothing, and what waited can be recovered when they are enabled again', async () => {
    const { id } = await create(me);
    const eventId = await anEvent(me, null);
    expect((await call('patch', `/webhook_endpoints/${id}`, me, { disabled: true })).body.disabled).toBe(true);
    await anEvent(me, null);
    expect(await claim()).toEqual([]);
    expect((await call('post', `/events/${eventId}/replay`, me)).body.code).toBe('nothing_to_replay');
    expect((await call('get', '/deliveries?state=dead', me)).body.deliveries).toMatchObject([
      { event_id: eventId, endpoint_id: id, dead_reason: 'endpoint_disabled' },
    ]);
    await call('patch', `/webhook_endpoints/${id}`, me, { disabled: false });
    expect((await call('post', `/events/${eventId}/replay`, me)).status).toBe(202);
    expect(await claim()).toMatchObject([{ eventId, endpointId: id }]);
  });

  it('that move take what waits along', async () => {
    const { id } = await create(me);
    await anEvent(me, null);
    const moved = 'https://elsewhere.example.com/all';
    expect((await call('patch', `/webhook_endpoints/${id}`, me, { url: moved })).body.url).toBe(moved);
    expect(await claim()).toMatchObject([{ url: moved, origin: 'https://elsewhere.example.com' }]);
  });

  it('that are deleted are gone, with their secrets and what waited', async () => {
    const { id } = await create(me);
    await anEvent(me, null);
    expect((await call('delete', `/webhook_endpoints/${id}`, me)).status).toBe(204);
    expect((await call('delete', `/webhook_endpoints/${id}`, me)).status).toBe(404);
    expect((await call('get', `/webhook_endpoints/${id}`, me)).body.code).toBe('unknown_endpoint');
    expect(await claim()).toEqual([]);
    expect((await db.query('select from webhook_endpoint_secrets where endpoint_id = $1', [id])).rowCount).toBe(0);
  });

  it.each([
    ['an http address', { url: 'http://hooks.example.com/' }],
    ['a private address', { url: 'https://10.0.0.1/' }],
    ['no address', {}],
    ['an event that is none', { ...wish, events: ['started'] }],
    ['an event twice', { ...wish, events: ['complete', 'complete'] }],
    ['a key that is not known', { ...wish, secret: 'whsec_mine' }],
  ])('refuse %s', async (_name, body) => {
    expect((await call('post', '/webhook_endpoints', me, body)).body).toMatchObject({
      status: 400,
      code: 'invalid_request',
    });
  });

  it('are twenty of one client at the most, and a repeated create makes one', async () => {
    const again = () => call('post', '/webhook_endpoints', me, wish).set('Idempotency-Key', 'endpoint-1');
    const [first, second] = [await again(), await again()];
    expect(second.body).toEqual(first.body);
    expect(second.headers['idempotent-replayed']).toBe('true');
    const answers = await Promise.all(Array.from({ length: 25 }, () => call('post', '/webhook_endpoints', me, wish)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(19);
    expect(answers.find(({ status }) => status !== 201)?.body.code).toBe('too_many_endpoints');
  });
});

describe('every route of a thing', () => {
  const routes = [
    ['get', '/events/ID', 'evt_'],
    ['post', '/events/ID/replay', 'evt_'],
    ['get', '/webhook_endpoints/ID', 'wep_'],
    ['patch', '/webhook_endpoints/ID', 'wep_'],
    ['delete', '/webhook_endpoints/ID', 'wep_'],
    ['post', '/webhook_endpoints/ID/rotate_secret', 'wep_'],
  ] as const;

  it.each(routes)('%s %s answers to another client’s id as to one that never was', async (method, path, prefix) => {
    const foreignId =
      prefix === 'evt_'
        ? await anEvent(other)
        : (await call('post', '/webhook_endpoints', other, { url: 'https://hooks.example.com/x' })).body.id;
    const body = method === 'patch' ? { description: 'mine now' } : method === 'post' ? {} : undefined;
    const shown = async (id: string) => {
      const answer = await call(method, path.replace('ID', id), me, body);
      return { status: answer.status, body: { ...answer.body, reference: '' } };
    };
    const foreign = await shown(foreignId);
    expect(foreign.status).toBe(404);
    expect(foreign).toEqual(await shown(`${prefix}${'x'.repeat(26)}`));
  });

  it.each([
    ...routes,
    ['get', '/events', ''],
    ['get', '/deliveries', ''],
    ['post', '/events/recover', ''],
    ['get', '/webhook_endpoints', ''],
  ] as const)('%s %s needs a key', async (method, path) => {
    const { status, body, headers } = await call(method, path, { key: 'nobody' }, method === 'get' ? undefined : {});
    expect([status, body.code]).toEqual([401, 'unauthenticated']);
    expect(headers['www-authenticate']).toBe('Bearer');
  });
});

describe('a character that no text may hold', () => {
  it.each([
    ['get', '/events/%00', undefined],
    ['post', '/events/%00/replay', {}],
    ['get', '/webhook_endpoints/%00', undefined],
    ['post', '/webhook_endpoints', { url: 'https://hooks.example.com/all', description: '\u0000' }],
    ['get', '/reviews/%00', undefined],
    ['get', '/erasures/%00', undefined],
  ] as const)('is refused by %s %s', async (method, path, body) => {
    const { status } = await call(method, path, me, body);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });
});
