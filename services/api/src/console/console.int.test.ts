/** Who may do what in the console: every route × every role × no session, and what another site can send. */
import { sessionAnswer } from '@livegate/contracts/console/session';
import { takeRequest } from '@livegate/db/limits';
import { openReview } from '@livegate/db/reviews';
import { OPERATOR_ROLES, type OperatorRole, SIGN_IN_RATES } from '@livegate/domain/operator-roles';
import { startApi } from '@livegate/test-kit/api';
import { aCheck } from '@livegate/test-kit/builders';
import { aConsoleUser, anOperator, type ConsoleUser } from '@livegate/test-kit/console';
import { someDeliveries } from '@livegate/test-kit/deliveries';
import request from 'supertest';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ROUTES } from './routes.ts';

const api = await startApi();
const { db } = api.database;
const users = new Map<string, ConsoleUser>();
const passwords = new Map<string, string>();
const WHO = [...OPERATOR_ROLES, 'viewer-with-images'] as const;

// What a route needs to be more than a refusal of its own.
const ids: Record<string, string> = {};
const ANSWERS: Record<string, number> = { 'delete /session': 204, 'post /session': 400 };
const bodyOf = (path: string) => (path === '/clients' ? { name: 'Acme' } : path.endsWith('/keys') ? {} : undefined);

beforeAll(async () => {
  expect((await fetch(`${api.url}/console`)).status).toBe(404);
  for (const who of WHO) {
    const role = OPERATOR_ROLES.find((one) => one === who) ?? ('viewer' as OperatorRole);
    const password = await anOperator(db, { name: who, role, seesImages: who.endsWith('images') });
    passwords.set(who, password);
    users.set(who, await aConsoleUser(api.url, { name: who, password }));
  }
  const check = await aCheck(db);
  await someDeliveries(db, { clientId: check.clientId, url: 'https://receiver.example/hook' });
  const { rows } = await db.query('select id from events');
  await openReview(db, { checkId: check.id, causes: ['near_threshold'] });
  const reviews = await db.query(
    `insert into review_labels (review_id, reviewer, lease_until)
     select id, 'operator:viewer-with-images', now() + interval '5 minutes' from reviews returning review_id as id`,
  );
  Object.assign(ids, {
    reference: check.reference,
    clientId: check.clientId,
    eventId: rows[0].id,
    keyId: 'AAAAAAAAAAAA',
    reviewId: reviews.rows[0].id,
  });
});

// The limits of signing in have a test of their own.
beforeEach(async () => {
  await db.query('delete from request_rates');
});

const userOf = (who: string) => users.get(who) as ConsoleUser;
const fill = (path: string) => path.replace(/:(\w+)/g, (_, name) => ids[name] ?? '');

const matrix = ROUTES.filter(({ right }) => right !== 'anyone').flatMap((route) =>
  WHO.map((who) => ({ ...route, who, name: `${route.method} ${route.path}` })),
);
const mayDo: Record<string, readonly string[]> = {
  viewer: WHO,
  operator: ['operator', 'admin'],
  admin: ['admin'],
  images: ['viewer-with-images'],
};

describe('every route', () => {
  it.each(matrix)('$name asks for the right "$right" of $who', async ({ method, path, right, who, name }) => {
    // Signing out is tried with a session of its own, or the others would be without.
    const user = name === 'delete /session' ? await userOf(who).again(passwords.get(who) ?? '') : userOf(who);
    const { status } = await user.send(method, `/api${fill(path)}`, method === 'get' ? undefined : bodyOf(path));
    const allowed = (mayDo[right] ?? []).includes(who);
    if (allowed) expect([401, 403, 500]).not.toContain(status);
    else expect(status).toBe(403);
    if (allowed && method === 'get') expect(status).toBe(200);
    if (allowed && name in ANSWERS) expect(status).toBe(ANSWERS[name]);
  });

  it.each(ROUTES)('$method $path: is closed without a session, and to what another site can send', async (route) => {
    const target = `${api.url}/console/api${fill(route.path)}`;
    const cookie = { cookie: userOf('admin').cookie };
    const ours = { 'x-livegate-console': 'present', origin: api.url };
    const attempt = async (headers: Record<string, string>) =>
      (await fetch(target, { method: route.method.toUpperCase(), headers })).status;

    if (route.right !== 'anyone') {
      expect(await attempt(ours)).toBe(401);
      expect(await attempt({ ...ours, cookie: 'livegate-console-development=' })).toBe(401);
      expect(await attempt({ ...ours, cookie: `livegate-console-development=${'A'.repeat(43)}` })).toBe(401);
    }
    expect(await attempt({ ...cookie, origin: api.url })).toBe(403);
    expect(await attempt({ ...cookie, ...ours, 'sec-fetch-site': 'cross-site' })).toBe(403);
    if (route.method === 'get') return;
    expect(await attempt({ ...cookie, 'x-livegate-console': 'present' })).toBe(403);
    expect(await attempt({ ...cookie, ...ours, origin: 'null' })).toBe(403);
    expect(await attempt({ ...cookie, ...ours, origin: 'https://evil.example' })).toBe(403);
  });

  it('has no board where the queue is on Postgres, and none for who is not signed in', async () => {
    expect((await fetch(`${api.url}/console/board`)).status).toBe(401);
    expect((await userOf('viewer').send('get', '/board')).status).toBe(404);
  });

  it('grants no other origin anything', async () => {
    const preflight = await fetch(`${api.url}/console/api/clients`, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-headers': 'x-livegate-console' },
    });
    expect([...preflight.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('a session', () => {
  it('is a cookie that no script reads and no other site sends; its token is in no row', async () => {
    const password = await anOperator(db, { name: 'cookie', role: 'viewer' });
    const response = await fetch(`${api.url}/console/api/session`, {
      method: 'POST',
      headers: { 'x-livegate-console': 'present', origin: api.url, 'content-type': 'application/json' },
      body: JSON.stringify({ name: ' Cookie ', password }),
    });
    const cookie = response.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(
      /^livegate-console-development=[\w-]{43}; Max-Age=43200; Path=\/; .*HttpOnly; SameSite=Strict$/,
    );
    expect(sessionAnswer.parse(await response.json())).toMatchObject({
      name: 'cookie',
      role: 'viewer',
      seesImages: false,
    });
    const token = /=([\w-]{43});/.exec(cookie)?.[1] ?? '';
    const { rows } = await db.query('select count(*)::int as kept from operator_sessions s where s::text like $1', [
      `%${token}%`,
    ]);
    expect(rows[0].kept).toBe(0);
  });

  it('ends when nothing was done for half an hour: a page that looks on by itself does not keep it', async () => {
    const user = await aConsoleUser(api.url, {
      name: 'idle',
      password: await anOperator(db, { name: 'idle', role: 'viewer' }),
    });
    const seenMinutesAgo = (minutes: number) =>
      db.query(`update operator_sessions set seen_at = now() - make_interval(mins => $1) where operator = 'idle'`, [
        minutes,
      ]);
    await seenMinutesAgo(29);
    expect((await user.send('get', '/api/session', undefined, { 'x-livegate-console': 'away' })).status).toBe(200);
    await seenMinutesAgo(31);
    expect((await user.send('get', '/api/session')).status).toBe(401);
    await seenMinutesAgo(29);
    expect((await user.send('get', '/api/session')).status).toBe(200);
    const { rows } = await db.query(
      `select seen_at > now() - interval '1 minute' as lately from operator_sessions where operator = 'idle'`,
    );
    expect(rows[0].lately).toBe(true);
  });

  it('ends after twelve hours whatever is done, on signing out, and when the operator is disabled', async () => {
    const password = await anOperator(db, { name: 'ends', role: 'admin' });
    const user = await aConsoleUser(api.url, { name: 'ends', password });
    await db.query(`update operator_sessions set ends_at = now() where operator = 'ends'`);
    expect((await user.send('get', '/api/overview')).status).toBe(401);
    const second = await user.again(password);
    expect((await second.send('delete', '/api/session')).status).toBe(204);
    expect((await second.send('get', '/api/overview')).status).toBe(401);
    const third = await user.again(password);
    await db.query(`update operators set disabled_at = now() where name = 'ends'`);
    expect((await third.send('get', '/api/overview')).status).toBe(401);
    await expect(user.again(password)).rejects.toThrow(/401/);
  });

  it('is refused in the same words for a wrong password and for a name that nobody has', async () => {
    const answers = await Promise.all(
      ['viewer', 'nobody'].map(async (name) => {
        const response = await signIn({ name, password: 'wrong' });
        const { reference: _, ...body } = (await response.json()) as Record<string, unknown>;
        return [response.status, body];
      }),
    );
    expect(answers[0]?.[0]).toBe(401);
    expect(answers[1]).toEqual(answers[0]);
    const { rows } = await db.query(`select subject from audit_log where action = 'session.refused'`);
    expect(rows).toEqual([{ subject: 'viewer' }]);
  });

  it('is not opened over plain http but on this machine', async () => {
    const attempt = (host: string) =>
      request(api.url)
        .post('/console/api/session')
        .set({ host, origin: `http://${host}`, 'x-livegate-console': 'present' })
        .send({ name: 'viewer', password: passwords.get('viewer') });
    expect((await attempt('livegate.example')).status).toBe(403);
    expect((await attempt('192.168.0.7:8080')).status).toBe(403);
    expect((await attempt('localhost:8080')).status).toBe(200);
  });

  it('is waited for by so many at a time and no more', async () => {
    const tries = Array.from({ length: 14 }, async (_, number) => {
      await db.query('delete from request_rates');
      return (await signIn({ name: `crowd${number}`, password: 'wrong' })).status;
    });
    const statuses = await Promise.all(tries);
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
  });

  it.each(['name', 'address'] as const)(
    'cannot be guessed at: by its %s who tries again and again is told to wait, even with the right password',
    async (by) => {
      const right = { name: 'viewer', password: passwords.get('viewer') };
      expect((await signIn({ ...right, password: 'wrong' })).status).toBe(401);
      const { rows } = await db.query(`select subject from request_rates where subject like 'console-${by}:%'`);
      expect(rows).toHaveLength(1);
      // The rest of what may come at once, by the same count, without the work of a hash for each.
      for (let more = 1; more < SIGN_IN_RATES[by].burst; more += 1) {
        expect(await takeRequest(db, { subject: rows[0].subject, rate: SIGN_IN_RATES[by] })).toBe(0);
      }
      const refused = await signIn(right);
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    },
  );

  const signIn = (body: unknown) =>
    fetch(`${api.url}/console/api/session`, {
      method: 'POST',
      headers: { 'x-livegate-console': 'present', origin: api.url, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
});

describe('the log of acts', () => {
  it('names the operator of every act, also where a trigger writes it', async () => {
    const admin = userOf('admin');
    const { client } = (await (await admin.send('post', '/api/clients', { name: 'Logged' })).json()) as {
      client: string;
    };
    const made = await admin.send('post', `/api/clients/${client}/keys`, { mode: 'live', expiresInDays: null });
    const { key, secret } = (await made.json()) as { key: string; secret: string };
    await admin.send('post', `/api/keys/${key}/revoke`);
    await userOf('operator').send('post', `/api/events/${ids.eventId}/replay`);
    await userOf('viewer-with-images').send('get', `/api/checks/${ids.reference}/images`);
    const { rows } = await db.query(
      `select actor, action, subject from audit_log where actor like 'operator:%' and action not like 'session.%' order by sequence`,
    );
    const acts = rows.map(({ actor, action }) => `${actor} ${action}`);
    for (const act of [
      'operator:admin clients.insert',
      'operator:admin api_keys.insert',
      'operator:admin api_keys.update',
      'operator:operator event.replayed',
      'operator:viewer-with-images images.read',
    ])
      expect(acts).toContain(act);
    expect(JSON.stringify(rows)).not.toContain(secret);
    const used = await fetch(`${api.url}/deliveries`, { headers: { authorization: `Bearer ${secret}` } });
    expect(used.status).toBe(401);
    const after = await db.query(`select current_setting('application_name') as name`);
    expect(after.rows[0].name).toBe('test');
  });
});
