import type { ClientLimits } from '@livegate/domain/limits';
import { aCheck, aClient } from '@livegate/test-kit/builders';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { describe, expect, it } from 'vitest';
import { deletePaidRates, findLimits, secondsToNextMonth, setLimits, takeCheck, takeRequest } from './limits.ts';

const { db } = await cloneDatabase();
const none: ClientLimits = { requestsPerMinute: null, checksPerMonth: null, openChecks: null };

describe('takeRequest', () => {
  const rate = { perMinute: 60, burst: 3 };

  it('lets a burst through, then one a second, and a refused request owes nothing', async () => {
    const take = () => takeRequest(db, { subject: 'key:a', rate });
    expect([await take(), await take(), await take()]).toEqual([0, 0, 0]);
    const [first, second] = [await take(), await take()];
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThanOrEqual(1);
    expect(second).toBeLessThanOrEqual(first);
    await db.query(
      /* sql */ `update request_rates set paid_at = paid_at - interval '1 second' where subject = 'key:a'`,
    );
    expect(await take()).toBe(0);
    expect(await take()).toBeGreaterThan(0);
  });

  it('is exact when asked from many sides at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => takeRequest(db, { subject: 'key:crowd', rate: { perMinute: 1, burst: 5 } })),
    );
    expect(answers.filter((seconds) => seconds === 0)).toHaveLength(5);
  });

  it('holds each subject on its own, and forgets those that owe nothing', async () => {
    expect(await takeRequest(db, { subject: 'key:b', rate: { perMinute: 60, burst: 1 } })).toBe(0);
    expect(await takeRequest(db, { subject: 'key:c', rate: { perMinute: 60, burst: 1 } })).toBe(0);
    await db.query(/* sql */ `update request_rates set paid_at = now() where subject = 'key:b'`);
    expect(await deletePaidRates(db, 100)).toBeGreaterThanOrEqual(1);
    expect(await takeRequest(db, { subject: 'key:b', rate: { perMinute: 60, burst: 1 } })).toBe(0);
    expect(await takeRequest(db, { subject: 'key:c', rate: { perMinute: 60, burst: 1 } })).toBeGreaterThan(0);
  });
});

describe('takeCheck', () => {
  const take = (clientId: string, limits: Partial<ClientLimits>) =>
    db.transaction((tx) => takeCheck(tx, { clientId, limits: { ...none, ...limits } }));

  it('lets a client without limits make what it likes, without counting', async () => {
    const clientId = await aClient(db);
    expect(await take(clientId, {})).toBeNull();
    expect(await findLimits(db, clientId)).toMatchObject({ madeThisMonth: 0 });
  });

  it('stops at the quota, from many sides at once, and a rolled back check is not counted', async () => {
    const clientId = await aClient(db);
    const undone = db.transaction(async (tx) => {
      await takeCheck(tx, { clientId, limits: { ...none, checksPerMonth: 3 } });
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    const answers = await Promise.all(Array.from({ length: 5 }, () => take(clientId, { checksPerMonth: 3 })));
    expect(answers.filter((answer) => answer === null)).toHaveLength(3);
    expect(answers.filter((answer) => answer === 'quota_exceeded')).toHaveLength(2);
    expect(await findLimits(db, clientId)).toMatchObject({ madeThisMonth: 3 });
    expect(await take(await aClient(db), { checksPerMonth: 0 })).toBe('quota_exceeded');
  });

  it('counts open checks of this client only, and not those of the sandbox', async () => {
    const clientId = await aClient(db);
    await aCheck(db, { clientId });
    await aCheck(db, { clientId, sandbox: true });
    await aCheck(db);
    expect(await take(clientId, { openChecks: 1 })).toBe('too_many_open_checks');
    expect(await take(clientId, { openChecks: 2 })).toBeNull();
  });
});

describe('setLimits', () => {
  it('sets what is named, keeps the rest, and lifts with null', async () => {
    const clientId = await aClient(db);
    const unnamed = { requestsPerMinute: undefined, checksPerMonth: undefined, openChecks: undefined };
    expect(await setLimits(db, { clientId, ...unnamed, requestsPerMinute: 60, openChecks: 4 })).toBe(true);
    expect(await setLimits(db, { clientId, ...unnamed, requestsPerMinute: null, checksPerMonth: 9 })).toBe(true);
    expect(await findLimits(db, clientId)).toMatchObject({ requestsPerMinute: null, checksPerMonth: 9, openChecks: 4 });
    expect(await setLimits(db, { clientId: 'cli_none', ...unnamed, openChecks: 1 })).toBe(false);
    expect(await findLimits(db, 'cli_none')).toBeNull();
  });

  it('knows when the month ends', async () => {
    const seconds = await secondsToNextMonth(db);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(31 * 24 * 3600);
  });
});
