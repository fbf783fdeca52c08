import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openKeyRing } from '@livegate/crypto/key-ring';
import { newWebhookSecret } from '@livegate/crypto/webhook-signature';
import type { Database } from '@livegate/db/database';
import { claimDueDeliveries } from '@livegate/db/deliveries';
import type { DeliveryAttempt } from '@livegate/db/delivery-attempts';
import { type DispatcherPresence, holdPresence } from '@livegate/db/dispatcher-presence';
import { systemClock } from '@livegate/domain/clock';
import { keyPurpose } from '@livegate/domain/key-purpose';
import { createEgress } from '@livegate/egress/fetch-public';
import { createLogger } from '@livegate/telemetry/logger';
import { aClient } from '@livegate/test-kit/builders';
import { anAttempt, someDeliveries } from '@livegate/test-kit/deliveries';
import { eventually } from '@livegate/test-kit/eventually';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { startWebhookReceiver, type WebhookReceiver } from '@livegate/test-kit/webhook-receiver';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, expect, it } from 'vitest';
import { type DispatchLoop, startDispatchLoop } from './dispatch-loop.ts';
import { createAttemptRecorder } from './record-attempts.ts';

const { db, url: databaseUrl } = await cloneDatabase();
const keyDir = await mkdtemp(join(tmpdir(), 'livegate-dispatch-'));
const keyRing = await openKeyRing({ dir: keyDir });
const egress = createEgress({ mode: 'development', keepAlive: true });
const logger = createLogger({ service: 'test', level: 'silent' });
const receivers: WebhookReceiver[] = [];
const loops: DispatchLoop[] = [];
const presences: DispatcherPresence[] = [];

afterEach(async () => {
  await Promise.all(receivers.splice(0).map((receiver) => receiver.close()));
  await Promise.all(loops.splice(0).map((loop) => loop.close()));
  await Promise.all(presences.splice(0).map((presence) => presence.close()));
  await db.query(`update deliveries set next_attempt_at = null, dead_at = now() where next_attempt_at is not null`);
});
afterAll(async () => {
  await egress.close();
  await rm(keyDir, { recursive: true });
});

async function aReceiver(behaviour?: Parameters<typeof startWebhookReceiver>[0]) {
  const receiver = await startWebhookReceiver(behaviour);
  receivers.push(receiver);
  return receiver;
}

async function dispatch(through: Database = db) {
  const presence = await holdPresence({ url: databaseUrl, onError: () => undefined });
  presences.push(presence);
  const recorder = createAttemptRecorder({ db: through, logger });
  const deps = {
    db,
    dispatcher: presence.id,
    recorder,
    egress,
    keyRing,
    clock: systemClock,
    random: () => 0.5,
    logger,
  };
  loops.push(startDispatchLoop(deps));
}

const secret = newWebhookSecret();
const enqueue = (clientId: string, url: string, count = 1) =>
  someDeliveries(db, {
    clientId,
    url,
    count,
    wrap: (checkId) => keyRing.wrap(Buffer.from(secret), keyPurpose.webhookSecret(clientId, checkId)),
  });
const attemptsOf = async (id: string) =>
  (await db.query('select * from delivery_attempts where delivery_id = $1 order by attempt', [id])).rows;
const untilAttempted = (id: string) =>
  eventually(async () => {
    const [attempt] = await attemptsOf(id);
    if (!attempt) throw new Error('not attempted yet');
    return attempt;
  });
const isDelivered = async (ids: string[]) =>
  (await db.query('select count(*)::int as open from deliveries where id = any($1) and delivered_at is null', [ids]))
    .rows[0].open === 0;

it('sends what is due, signed, and logs where and how, without the path', async () => {
  const receiver = await aReceiver();
  const [id = ''] = await enqueue(await aClient(db), `${receiver.url}?token=hush`);
  await dispatch();
  expect(await untilAttempted(id)).toMatchObject({
    outcome: 'delivered',
    manual: false,
    origin: new URL(receiver.url).origin,
    path_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    dialled_address: '127.0.0.1',
    status: 200,
  });
  const [webhook] = receiver.received;
  new Webhook(secret).verify(webhook?.body.toString() ?? '', webhook?.headers as Record<string, string>);
  expect(webhook?.headers['user-agent']).toMatch(/^Livegate\//);
  expect(JSON.stringify(await attemptsOf(id))).not.toContain('hush');
});

it('keeps what a receiver said when it refused, without the signature it echoed', async () => {
  const receiver = await aReceiver((request, response) => {
    response.writeHead(401).end(`bad signature ${request.headers.signature}`);
  });
  const [id = ''] = await enqueue(await aClient(db), receiver.url);
  await dispatch();
  const attempt = await untilAttempted(id);
  expect(attempt).toMatchObject({ outcome: 'retry', status: 401 });
  expect(attempt.response.toString()).toBe('bad signature [redacted]');
});

it.each([
  ['301 to loopback', { status: 301, headers: { location: 'http://127.0.0.1:1/' } }, { outcome: 'retry', status: 301 }],
  ['410', { status: 410, headers: {} }, { outcome: 'dead', status: 410 }],
  [
    'abort-message',
    { status: 400, headers: { 'webhook-delivery': 'abort-message' } },
    { outcome: 'dead', status: 400 },
  ],
  [
    '429 with an endless Retry-After',
    { status: 429, headers: { 'retry-after': '1000000000' } },
    { outcome: 'retry', status: 429 },
  ],
] as const)('answers to %s as written', async (_name, answer, expected) => {
  const receiver = await aReceiver((_request, response) => {
    response.writeHead(answer.status, answer.headers).end();
  });
  const [id = ''] = await enqueue(await aClient(db), receiver.url);
  await dispatch();
  const attempt = await untilAttempted(id);
  expect(attempt).toMatchObject(expected);
  if (answer.status === 429) {
    const waitsMs = attempt.next_attempt_at.getTime() - attempt.started_at.getTime();
    expect(waitsMs).toBeGreaterThanOrEqual(59_000);
    expect(waitsMs).toBeLessThan(62_000);
  }
});

it('does not send to an address that may not be called, and says why', async () => {
  const [id = ''] = await enqueue(await aClient(db), 'https://127.0.0.1.nip.invalid/hook');
  await dispatch();
  expect(await untilAttempted(id)).toMatchObject({ outcome: 'dead', error_code: 'blocked', dialled_address: null });
  expect((await db.query('select dead_reason from deliveries where id = $1', [id])).rows[0].dead_reason).toBe(
    'blocked',
  );
});

it('keeps healthy receivers served while one hangs with 500 events queued', async () => {
  const clientId = await aClient(db);
  let hanging = 0;
  const hung = await aReceiver(() => {
    hanging += 1;
  });
  const healthy = await Promise.all(Array.from({ length: 20 }, () => aReceiver()));
  await enqueue(clientId, hung.url, 500);
  await dispatch();
  await dispatch();
  await eventually(() => hanging >= 4);
  const ids = (await Promise.all(healthy.map((receiver) => enqueue(clientId, receiver.url, 5)))).flat();
  for (const loop of loops) loop.wake();
  await eventually(() => isDelivered(ids));
  // Nobody is called more often than its share, however many dispatchers there are.
  expect(hanging).toBe(4);
});

it('never calls one receiver more than four times at once, and delivers each event once', async () => {
  let now = 0;
  let most = 0;
  const receiver = await aReceiver((_request, response) => {
    now += 1;
    most = Math.max(most, now);
    setTimeout(() => {
      now -= 1;
      response.end();
    }, 5);
  });
  const ids = await enqueue(await aClient(db), receiver.url, 60);
  for (let count = 0; count < 3; count += 1) await dispatch();
  await eventually(() => isDelivered(ids));
  expect(most).toBeLessThanOrEqual(4);
  expect(most).toBeGreaterThan(1);
  expect(receiver.received).toHaveLength(60);
});

it('records an attempt when Postgres comes back, and does not tell the receiver twice', async () => {
  const receiver = await aReceiver();
  const [id = ''] = await enqueue(await aClient(db), receiver.url);
  let refusals = 2;
  const refusing = <Work extends (...args: never[]) => unknown>(work: Work) =>
    ((...args: Parameters<Work>) => {
      if (receiver.received.length === 0 || refusals === 0) return work(...args);
      refusals -= 1;
      return Promise.reject(new Error('Connection terminated unexpectedly'));
    }) as Work;
  // Postgres goes away between the receiver's answer and its recording.
  const shaky = { ...db, query: refusing(db.query), transaction: refusing(db.transaction) as typeof db.transaction };
  await dispatch(shaky);
  expect(await untilAttempted(id)).toMatchObject({ outcome: 'delivered', attempt: 1 });
  expect(receiver.received).toHaveLength(1);
  expect(refusals).toBe(0);
});

it('records the attempts beside one that cannot be recorded', async () => {
  const clientId = await aClient(db);
  await enqueue(clientId, 'https://hooks.example.com/', 3);
  const claimed = await claimDueDeliveries(db, { limit: 3, dispatcher: 1 });
  const recorder = createAttemptRecorder({ db, logger });
  const [sick, ...healthy] = claimed.map((delivery, index) =>
    // A text that Postgres refuses, in the first of them; its claim is nearly over.
    anAttempt(delivery, index === 0 ? { errorCode: 'no\u0000text', elapsedMs: 29_500 } : {}),
  ) as [DeliveryAttempt, ...DeliveryAttempt[]];
  // The first write is under way when the others come: they share the second.
  await Promise.all([sick, ...healthy, sick].map((attempt) => recorder.record(attempt)));
  expect(await attemptsOf(sick.deliveryId)).toEqual([]);
  for (const { deliveryId } of healthy) expect(await attemptsOf(deliveryId)).toHaveLength(1);
});
