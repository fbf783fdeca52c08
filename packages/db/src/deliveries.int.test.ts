import { DELIVERY_HORIZON_HOURS, IN_FLIGHT_LIMITS } from '@livegate/domain/delivery-limits';
import { aCheck, aClient } from '@livegate/test-kit/builders';
import { aFailedAttempt, anAttempt, someDeliveries } from '@livegate/test-kit/deliveries';
import { eventually } from '@livegate/test-kit/eventually';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { startCapture } from './checks.ts';
import {
  buryOverdueDeliveries,
  type ClaimedDelivery,
  claimDueDeliveries,
  measureDeliveryBacklog,
  secondsUntilNextClaim,
} from './deliveries.ts';
import { expungeResponses, recordAttempts } from './delivery-attempts.ts';
import { holdPresence } from './dispatcher-presence.ts';
import { finishCheck } from './finish-check.ts';
import { forgetOldWebhookSecrets, recoverDeliveries, replayEvent } from './replays.ts';

const { db, url } = await cloneDatabase();
const presence = await holdPresence({ url, onError: () => undefined });
afterAll(() => presence.close());
const claim = (limit = 1_000, dispatcher = presence.id) => claimDueDeliveries(db, { limit, dispatcher });
const one = async (): Promise<ClaimedDelivery> => {
  const [claimed, ...others] = await claim();
  if (!claimed || others.length > 0) throw new Error(`${others.length + 1} were claimed`);
  return claimed;
};
const record = (...attempts: Parameters<typeof recordAttempts>[1]) => recordAttempts(db, attempts);
const row = async (id: string) => (await db.query('select * from deliveries where id = $1', [id])).rows[0];
const attemptsOf = async (id: string) =>
  (await db.query('select * from delivery_attempts where delivery_id = $1 order by attempt', [id])).rows;
const makeDue = (id: string) => db.query('update deliveries set next_attempt_at = now() where id = $1', [id]);
const hasJustStarted = async () =>
  (await db.query(`select pg_postmaster_start_time() > now() - interval '5 seconds' as recent`)).rows[0].recent;
const hook = (host: string) => `https://${host}.example.com/hook`;
const countBy = <T>(items: T[], key: (item: T) => string) => {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return [...counts.values()];
};

// What an earlier test left due would be claimed by the next.
beforeEach(async () => {
  await db.query(`update deliveries set next_attempt_at = null, dead_at = now() where next_attempt_at is not null`);
  await db.query('delete from breakers');
  await db.query('delete from breaker_calls');
});

describe('a delivery', () => {
  it('is made by the transaction that ends a check, and carries the exact bytes of its event', async () => {
    const check = await aCheck(db, { webhookUrl: 'https://example.com/hook' });
    await startCapture(db, { checkId: check.id, sessionDigest: Buffer.alloc(32) });
    await db.transaction((tx) =>
      finishCheck(tx, {
        checkId: check.id,
        ending: { event: 'fail', failureReason: 'deadline', reasons: [] },
        buildBody: ({ id }) => Buffer.from(`{"id":"${id}"}`),
      }),
    );
    const claimed = await one();
    expect(claimed).toMatchObject({
      checkId: check.id,
      origin: 'https://example.com',
      endpointId: null,
      manual: false,
    });
    expect(claimed.body.toString()).toBe(`{"id":"${claimed.eventId}"}`);
    expect(claimed.secrets).toEqual([check.webhookSecret]);
  });

  it('comes back when its claimer died, and not before', async () => {
    const [id] = await someDeliveries(db, { clientId: await aClient(db), url: hook('a') });
    await claim();
    expect(await claim()).toEqual([]);
    expect(await secondsUntilNextClaim(db, presence.id)).toBeGreaterThan(25);
    await db.query(`update deliveries set claimed_until = now() - interval '1 second' where id = $1`, [id]);
    expect((await one()).deliveryId).toBe(id);
  });

  it('is free at once when its dispatcher dies, and stays held while that lives', async () => {
    const clientId = await aClient(db);
    await someDeliveries(db, { clientId, url: hook('a'), count: 4 });
    await eventually(async () => !(await hasJustStarted()));
    const other = await holdPresence({ url, onError: () => undefined });
    const theirs = (await claim(10, other.id)).map(({ deliveryId }) => deliveryId).sort();
    expect(theirs).toHaveLength(IN_FLIGHT_LIMITS.perOrigin);
    expect(await claim()).toEqual([]);
    expect(await secondsUntilNextClaim(db, presence.id)).toBeLessThanOrEqual(1);
    await other.close();
    await eventually(
      async () =>
        (await db.query(`select from pg_stat_activity where application_name = 'livegate-presence'`)).rowCount === 1,
    );
    expect((await claim()).map(({ deliveryId }) => deliveryId).sort()).toEqual(theirs);
  });

  it('is not taken from a dispatcher whose session is cut and comes back', async () => {
    const [id] = await someDeliveries(db, { clientId: await aClient(db), url: hook('a') });
    const other = await holdPresence({ url, onError: () => undefined });
    const session = async () =>
      (await db.query(`select pid from pg_locks where locktype = 'advisory' and objid = $1 and granted`, [other.id]))
        .rows[0]?.pid as number | undefined;
    const first = await session();
    await claim(10, other.id);
    await db.query(`select pg_terminate_backend($1)`, [first]);
    await eventually(async () => ![undefined, first].includes(await session()));
    expect(await claim()).toEqual([]);
    expect(await claim(10, other.id)).toEqual([]);
    await other.close();
    await eventually(async () => (await claim())[0]?.deliveryId === id);
  });

  it('is moved on once per attempt, whoever else records it', async () => {
    const [id = ''] = await someDeliveries(db, { clientId: await aClient(db), url: hook('b') });
    const claimed = await one();
    const failed = aFailedAttempt(claimed, { response: Buffer.from('no') });
    expect((await record(failed)).deliveryIds).toEqual([id]);
    expect((await record(failed)).deliveryIds).toEqual([]);
    await makeDue(id);
    expect((await record(anAttempt(await one()))).deliveryIds).toEqual([id]);
    expect(await attemptsOf(id)).toMatchObject([
      { attempt: 1, outcome: 'retry', event_id: claimed.eventId, origin: claimed.origin, manual: false, status: 500 },
      { attempt: 2, outcome: 'delivered', next_attempt_at: null, dialled_address: '203.0.113.7' },
    ]);
    expect(await row(id)).toMatchObject({ attempts_made: 2, next_attempt_at: null, dead_at: null });
  });

  it('waits for its time, by the database’s clock', async () => {
    const [id = ''] = await someDeliveries(db, { clientId: await aClient(db), url: hook('c') });
    await record(aFailedAttempt(await one()));
    expect(await claim()).toEqual([]);
    expect(await secondsUntilNextClaim(db, presence.id)).toBeGreaterThan(55);
    await makeDue(id);
    expect((await one()).attemptsMade).toBe(1);
  });

  it('is given up after its horizon, even when a breaker kept it from being tried', async () => {
    const [old = '', young = ''] = await someDeliveries(db, { clientId: await aClient(db), url: hook('d'), count: 2 });
    await db.query('update deliveries set horizon_at = now() where id = $1', [old]);
    expect(await buryOverdueDeliveries(db, 100)).toBe(1);
    expect(await row(old)).toMatchObject({ next_attempt_at: null, dead_reason: 'horizon' });
    expect((await row(young)).next_attempt_at).not.toBeNull();
    const { created_at, horizon_at } = await row(young);
    expect(horizon_at - created_at).toBe(DELIVERY_HORIZON_HOURS * 3_600_000);
  });

  it('shows in the backlog while it is due', async () => {
    const before = await measureDeliveryBacklog(db);
    await someDeliveries(db, { clientId: await aClient(db), url: hook('e'), count: 3 });
    expect((await measureDeliveryBacklog(db)).due).toBe(before.due + 3);
  });

  it('ages in the backlog, but not while its receiver rests', async () => {
    const clientId = await aClient(db);
    const [id = ''] = await someDeliveries(db, { clientId, url: hook('rests') });
    await db.query(`update deliveries set next_attempt_at = now() - interval '1 day' where id = $1`, [id]);
    const waiting = await measureDeliveryBacklog(db);
    expect(waiting.oldestDueSeconds).toBeGreaterThanOrEqual(86_400);
    await db.query(
      `insert into breakers (client_id, origin, trips, open_until)
       select client_id, origin, 1, now() + interval '1 minute' from deliveries where id = $1`,
      [id],
    );
    const resting = await measureDeliveryBacklog(db);
    expect(resting).toMatchObject({ due: waiting.due, openBreakers: waiting.openBreakers + 1 });
    expect(resting.oldestDueSeconds).toBeLessThan(86_400);
  });

  it('forgets what was answered after thirty days, and the secret when no replay can come; not under a legal hold', async () => {
    const [id = ''] = await someDeliveries(db, { clientId: await aClient(db), url: hook('f') });
    const claimed = await one();
    await record(anAttempt(claimed));
    expect(await expungeResponses(db, { days: 30, limit: 100 })).toBe(0);
    await db.query(`update delivery_attempts set started_at = now() - interval '31 days' where delivery_id = $1`, [id]);
    await db.query(`insert into legal_holds (check_id, reason) values ($1, 'a court asked')`, [claimed.checkId]);
    expect(await expungeResponses(db, { days: 30, limit: 100 })).toBe(0);
    await db.query('delete from legal_holds');
    expect(await expungeResponses(db, { days: 30, limit: 100 })).toBe(1);
    expect(await attemptsOf(id)).toMatchObject([{ status: 200, response: null }]);
    await db.query(`update checks set finished_at = now() - interval '31 days' where id = $1`, [claimed.checkId]);
    expect(await forgetOldWebhookSecrets(db, 100)).toBe(1);
    expect(
      (await db.query('select webhook_secret from checks where id = $1', [claimed.checkId])).rows[0].webhook_secret,
    ).toBeNull();
  });
});

describe('claims are fair', () => {
  it('no origin, no client and not all together get more than their share; what is over stays due', async () => {
    const clients = await Promise.all(Array.from({ length: 6 }, () => aClient(db)));
    for (const clientId of clients)
      for (const host of ['one', 'two', 'three', 'four', 'five', 'six'])
        await someDeliveries(db, { clientId, url: hook(host), count: 6 });
    const claimed = await claim();
    expect(claimed).toHaveLength(IN_FLIGHT_LIMITS.total);
    for (const count of countBy(claimed, ({ clientId, origin }) => clientId + origin))
      expect(count).toBeLessThanOrEqual(IN_FLIGHT_LIMITS.perOrigin);
    const perClient = countBy(claimed, ({ clientId }) => clientId);
    expect(perClient).toHaveLength(6);
    expect(Math.max(...perClient)).toBeLessThanOrEqual(IN_FLIGHT_LIMITS.perClient);
    expect((await measureDeliveryBacklog(db)).due).toBe(6 * 36);
  });

  it('sixteen of one client, four of one origin', async () => {
    const clientId = await aClient(db);
    await someDeliveries(db, { clientId, url: hook('lonely'), count: 9 });
    expect(await claim()).toHaveLength(IN_FLIGHT_LIMITS.perOrigin);
    for (const host of ['p', 'q', 'r', 's', 't']) await someDeliveries(db, { clientId, url: hook(host), count: 9 });
    expect(await claim()).toHaveLength(IN_FLIGHT_LIMITS.perClient - IN_FLIGHT_LIMITS.perOrigin);
    expect(await claim()).toEqual([]);
  });

  it('within the caps however many dispatchers claim at the same time', async () => {
    const clients = await Promise.all(Array.from({ length: 3 }, () => aClient(db)));
    for (const clientId of clients)
      for (const host of ['one', 'two', 'three', 'four', 'five'])
        await someDeliveries(db, { clientId, url: hook(host), count: 8 });
    const rounds = await Promise.all(Array.from({ length: 5 }, () => claim(20)));
    const claimed = rounds.flat();
    expect(new Set(claimed.map(({ deliveryId }) => deliveryId)).size).toBe(claimed.length);
    expect(claimed).toHaveLength(3 * IN_FLIGHT_LIMITS.perClient);
    for (const count of countBy(claimed, ({ clientId, origin }) => clientId + origin))
      expect(count).toBeLessThanOrEqual(IN_FLIGHT_LIMITS.perOrigin);
  });

  it('a long queue of one receiver does not keep the others waiting', async () => {
    const clientId = await aClient(db);
    await someDeliveries(db, { clientId, url: hook('hanging'), count: 500 });
    const others = await Promise.all(
      Array.from({ length: 12 }, (_, index) => someDeliveries(db, { clientId, url: hook(`healthy-${index}`) })),
    );
    const claimed = (await claim()).map(({ deliveryId }) => deliveryId);
    expect(others.flat().filter((id) => !claimed.includes(id))).toEqual([]);
  });

  it('an attempt that ended makes room for the next', async () => {
    const clientId = await aClient(db);
    await someDeliveries(db, { clientId, url: hook('busy'), count: 6 });
    const [first] = await claim();
    expect(await claim()).toEqual([]);
    await record(anAttempt(first as ClaimedDelivery));
    expect(await claim()).toHaveLength(1);
  });
});

describe('the breaker', () => {
  const breaker = async (clientId: string) =>
    (
      await db.query(
        `select trips, open_until > now() as open, extract(epoch from open_until - now())::float8 as seconds from breakers where client_id = $1`,
        [clientId],
      )
    ).rows[0];
  /** Calls one receiver until so many attempts are recorded, `failing` of them failed. */
  async function callOften(clientId: string, { calls, failing }: { calls: number; failing: number }) {
    const changes = [];
    await someDeliveries(db, { clientId, url: hook('shaky'), count: calls });
    for (let made = 0; made < calls; ) {
      const claimed = await claim();
      for (const delivery of claimed) {
        const attempt = made < failing ? aFailedAttempt(delivery) : anAttempt(delivery);
        changes.push(...(await record(attempt)).breakers);
        made += 1;
      }
      if (claimed.length === 0) break;
    }
    return changes;
  }
  const restIsOver = (clientId: string) =>
    db.query(`update breakers set open_until = now() where client_id = $1`, [clientId]);

  it('opens for thirty seconds at ten calls of which seven failed, for that client’s calls to that origin only', async () => {
    const [clientId, neighbour] = [await aClient(db), await aClient(db)];
    expect(await callOften(clientId, { calls: 10, failing: 10 })).toMatchObject([
      { clientId, state: 'open', trips: 1 },
    ]);
    const { open, seconds } = await breaker(clientId);
    expect(open).toBe(true);
    expect(seconds).toBeGreaterThan(28);
    expect(seconds).toBeLessThanOrEqual(30);
    const [resting = ''] = await someDeliveries(db, { clientId, url: hook('shaky') });
    await someDeliveries(db, { clientId, url: hook('sound') });
    await someDeliveries(db, { clientId: neighbour, url: hook('shaky') });
    expect((await claim()).map(({ origin }) => origin).sort()).toEqual([
      'https://shaky.example.com',
      'https://sound.example.com',
    ]);
    expect(await row(resting)).toMatchObject({ attempts_made: 0, schedule_step: 0 });
  });

  it.each([
    ['nine calls', { calls: 9, failing: 9 }],
    ['six of ten', { calls: 10, failing: 6 }],
  ])('stays closed at %s', async (_name, calls) => {
    const clientId = await aClient(db);
    expect(await callOften(clientId, calls)).toEqual([]);
    expect(await breaker(clientId)).toBeUndefined();
  });

  it('forgets calls that are older than five minutes', async () => {
    const clientId = await aClient(db);
    await callOften(clientId, { calls: 9, failing: 9 });
    await db.query(`update breaker_calls set minute = minute - interval '6 minutes'`);
    expect(await callOften(clientId, { calls: 2, failing: 2 })).toEqual([]);
  });

  it('counts no attempt at which nobody was called', async () => {
    const clientId = await aClient(db);
    await someDeliveries(db, { clientId, url: hook('shaky'), count: 12 });
    for (let claimed = await claim(); claimed.length > 0; claimed = await claim())
      await record(
        ...claimed.map((delivery) => aFailedAttempt(delivery, { health: 'none', errorCode: 'seal_broken' })),
      );
    expect(await breaker(clientId)).toBeUndefined();
  });

  it('lets one probe through, rests twice as long when it fails, up to ten minutes, and closes when it succeeds', async () => {
    const clientId = await aClient(db);
    await callOften(clientId, { calls: 10, failing: 10 });
    await someDeliveries(db, { clientId, url: hook('shaky'), count: 5 });
    const rests = [];
    for (let trip = 2; trip <= 7; trip += 1) {
      await restIsOver(clientId);
      const probe = await one();
      expect(probe.probe).toBe(true);
      expect(await claim()).toEqual([]);
      expect((await record(aFailedAttempt(probe))).breakers).toMatchObject([{ state: 'open', trips: trip }]);
      await makeDue(probe.deliveryId);
      rests.push(Math.round((await breaker(clientId)).seconds));
    }
    expect(rests).toEqual([60, 120, 240, 480, 600, 600]);
    await restIsOver(clientId);
    expect((await record(anAttempt(await one()))).breakers).toMatchObject([{ state: 'closed', trips: 0 }]);
    expect(await claim()).toHaveLength(IN_FLIGHT_LIMITS.perOrigin);
    expect((await db.query('select from breaker_calls where client_id = $1', [clientId])).rowCount).toBe(0);
  });

  it('does not mistake the end of an earlier call for the probe’s', async () => {
    const clientId = await aClient(db);
    await someDeliveries(db, { clientId, url: hook('shaky'), count: 12 });
    const early = await claim();
    const [straggler, ...rest] = early as [ClaimedDelivery, ...ClaimedDelivery[]];
    await db.query(
      `insert into breaker_calls select $1, 'https://shaky.example.com', date_trunc('minute', now()), 9, 9`,
      [clientId],
    );
    await record(...rest.map((delivery) => aFailedAttempt(delivery)));
    expect((await breaker(clientId)).open).toBe(true);
    expect((await record(anAttempt(straggler))).breakers).toEqual([]);
    expect((await breaker(clientId)).open).toBe(true);
  });
});

describe('a replay', () => {
  const replay = (claimed: ClaimedDelivery) => db.transaction((tx) => replayEvent(tx, claimed));

  it('of an open delivery cancels the pending attempt, comes at once, and moves the schedule on', async () => {
    const [id = ''] = await someDeliveries(db, { clientId: await aClient(db), url: hook('g') });
    const first = await one();
    await record(aFailedAttempt(first, { retryInSeconds: 3_600 }));
    expect(await replay(first)).toEqual([id]);
    const again = await one();
    expect(again).toMatchObject({ eventId: first.eventId, manual: true, attemptsMade: 1, scheduleStep: 1 });
    await record(aFailedAttempt(again, { retryInSeconds: 30 }));
    expect(await row(id)).toMatchObject({ attempts_made: 2, schedule_step: 2, replays_made: 1 });
    expect(await claim()).toEqual([]);
    expect((await attemptsOf(id)).map(({ manual }) => manual)).toEqual([false, true]);
  });

  it.each([
    ['delivered', {}],
    ['dead', { outcome: 'dead', deadReason: 'exhausted', health: 'down', status: 500 }],
  ] as const)('of one that is %s begins a new schedule under the old id', async (_state, end) => {
    const [id = ''] = await someDeliveries(db, { clientId: await aClient(db), url: hook('h') });
    const first = await one();
    await record(anAttempt(first, end));
    await replay(first);
    const again = await one();
    expect(again).toMatchObject({ eventId: first.eventId, manual: true, attemptsMade: 1, scheduleStep: 0 });
    await record(aFailedAttempt(again, { retryInSeconds: 5 }));
    await makeDue(id);
    const third = await one();
    expect(third).toMatchObject({ manual: false, scheduleStep: 1 });
    await record(anAttempt(third));
    expect(await row(id)).toMatchObject({ attempts_made: 3, dead_at: null, dead_reason: null });
  });

  it('asked for while an attempt is under way follows it, whatever came of that one', async () => {
    const [id = ''] = await someDeliveries(db, { clientId: await aClient(db), url: hook('i') });
    const first = await one();
    await replay(first);
    await replay(first);
    expect(await claim()).toEqual([]);
    await record(anAttempt(first));
    const again = await one();
    expect(again).toMatchObject({ manual: true, attemptsMade: 1 });
    await record(anAttempt(again));
    expect(await claim()).toEqual([]);
    expect(await row(id)).toMatchObject({ attempts_made: 2, next_attempt_at: null });
  });

  it('finds nothing in another client’s event, after thirty days, or without a secret', async () => {
    const [id = ''] = await someDeliveries(db, { clientId: await aClient(db), url: hook('j') });
    const first = await one();
    await record(anAttempt(first));
    expect(await replay({ ...first, clientId: await aClient(db) })).toEqual([]);
    await db.query(`update deliveries set created_at = now() - interval '31 days' where id = $1`, [id]);
    expect(await replay(first)).toEqual([]);
    await db.query(`update deliveries set created_at = now() where id = $1`, [id]);
    await db.query(`update checks set webhook_secret = null where id = $1`, [first.checkId]);
    expect(await replay(first)).toEqual([]);
  });
});

describe('recovery of a time range', () => {
  it('takes the dead letters of that client and that time, or everything that ended', async () => {
    const [clientId, other] = [await aClient(db), await aClient(db)];
    const ids = await someDeliveries(db, { clientId, url: hook('k'), count: 4 });
    const [foreign = ''] = await someDeliveries(db, { clientId: other, url: hook('k') });
    const bury = (id: string, created: string) =>
      db.query(
        `update deliveries set next_attempt_at = null, dead_at = now(), dead_reason = 'exhausted', created_at = now() - $2::interval where id = $1`,
        [id, created],
      );
    await bury(ids[0] as string, '3 hours');
    await bury(ids[1] as string, '1 hour');
    await bury(foreign, '1 hour');
    await db.query(
      `update deliveries set next_attempt_at = null, delivered_at = now(), created_at = now() - interval '1 hour' where id = $1`,
      [ids[2]],
    );
    const recover = (which: 'dead' | 'all', limit = 100) =>
      db.transaction((tx) =>
        recoverDeliveries(tx, { clientId, since: new Date(Date.now() - 2 * 3_600_000), until: null, which, limit }),
      );
    expect(await recover('dead')).toBe(1);
    expect(await row(ids[1] as string)).toMatchObject({ dead_at: null, schedule_step: 0 });
    expect(await recover('all', 1)).toBe(1);
    expect(await recover('all')).toBe(0);
    expect((await row(foreign)).dead_at).not.toBeNull();
    expect((await row(ids[0] as string)).dead_at).not.toBeNull();
  });
});
