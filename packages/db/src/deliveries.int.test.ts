import { aCheck } from '@livegate/test-kit/builders';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { describe, expect, it } from 'vitest';
import { startCapture } from './checks.ts';
import { claimDueDeliveries, type DeliveryAttempt, recordAttempt } from './deliveries.ts';
import { finishCheck } from './finish-check.ts';

const { db } = await cloneDatabase();
const claim = () => claimDueDeliveries(db, { limit: 100, leaseSeconds: 30 });

async function aDelivery(): Promise<string> {
  const check = await aCheck(db, { webhookUrl: 'https://example.com/hook' });
  await startCapture(db, { checkId: check.id, sessionDigest: Buffer.alloc(32) });
  await db.transaction((tx) =>
    finishCheck(tx, {
      checkId: check.id,
      ending: { event: 'fail', failureReason: 'deadline', reasons: [] },
      buildBody: ({ id }) => Buffer.from(`{"id":"${id}"}`),
    }),
  );
  const { rows } = await db.query('select id from deliveries where check_id = $1', [check.id]);
  return rows[0].id;
}

const attempt = (deliveryId: string, overrides: Partial<DeliveryAttempt> = {}): DeliveryAttempt => ({
  deliveryId,
  attempt: 1,
  startedAt: new Date(),
  elapsedMs: 12,
  outcome: 'delivered',
  status: 200,
  errorCode: null,
  dialledAddress: '203.0.113.7',
  response: Buffer.from('ok'),
  retryInSeconds: null,
  ...overrides,
});

describe('a delivery', () => {
  it('is claimed by one dispatcher at a time', async () => {
    const id = await aDelivery();
    const claims = (await Promise.all([claim(), claim(), claim()])).flat();
    expect(claims.filter((claimed) => claimed.deliveryId === id)).toHaveLength(1);
  });

  it('comes back when its claimer died', async () => {
    const id = await aDelivery();
    await claim();
    await db.query(`update deliveries set claimed_until = now() - interval '1 second' where id = $1`, [id]);
    expect((await claim()).map((claimed) => claimed.deliveryId)).toContain(id);
  });

  it('carries the exact bytes of its event', async () => {
    const id = await aDelivery();
    const claimed = (await claim()).find((delivery) => delivery.deliveryId === id);
    expect(claimed?.body.toString()).toBe(`{"id":"${claimed?.eventId}"}`);
  });

  it('is moved on once per attempt', async () => {
    const id = await aDelivery();
    const retry = attempt(id, { outcome: 'retry', status: 500, retryInSeconds: 5 });
    expect(await recordAttempt(db, retry)).toBe(true);
    expect(await recordAttempt(db, retry)).toBe(false);
    expect(await recordAttempt(db, attempt(id, { attempt: 2 }))).toBe(true);
    expect(await recordAttempt(db, attempt(id, { attempt: 3 }))).toBe(false);
    const { rows } = await db.query('select outcome from delivery_attempts where delivery_id = $1 order by attempt', [
      id,
    ]);
    expect(rows.map((row) => row.outcome)).toEqual(['retry', 'delivered']);
  });

  it('waits for its time, by the database’s clock', async () => {
    const id = await aDelivery();
    await recordAttempt(db, attempt(id, { outcome: 'retry', status: 500, retryInSeconds: 60 }));
    expect((await claim()).map((claimed) => claimed.deliveryId)).not.toContain(id);
    await db.query(`update deliveries set next_attempt_at = now() where id = $1`, [id]);
    expect((await claim()).map((claimed) => claimed.deliveryId)).toContain(id);
  });
});
