/** Deliveries as finished checks leave them, and attempts as a dispatcher records them. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { Database, Queryable } from '@livegate/db/database';
import type { ClaimedDelivery } from '@livegate/db/deliveries';
import type { DeliveryAttempt } from '@livegate/db/delivery-attempts';
import { newId, randomAlphanumeric } from '@livegate/domain/ids';

type Wish = { clientId: string; url: string; count?: number; wrap?: (checkId: string) => Buffer };

/** Ended checks of one client with a due delivery each, in one transaction; returns the delivery ids, oldest first. */
export async function someDeliveries(
  db: Database,
  { clientId, url, count = 1, wrap = () => randomBytes(60) }: Wish,
): Promise<string[]> {
  return db.transaction(async (tx) => {
    const ids: string[] = [];
    for (let made = 0; made < count; made += 1) ids.push(await oneDelivery(tx, { clientId, url, wrap }));
    return ids;
  });
}

async function oneDelivery(tx: Queryable, { clientId, url, wrap }: Required<Omit<Wish, 'count'>>): Promise<string> {
  const [checkId, eventId, deliveryId] = [newId('check'), newId('event'), newId('delivery')];
  await tx.query(
    /* sql */ `insert into checks (id, client_id, reference, token, contract, kind, state, challenge, threshold, audit_images,
                                   webhook_secret, link_expires_at, webhook_url)
               values ($1, $2, $3, $4, 'globaldata', 'hosted', 'pending', 'none', 70, 0, $5, now(), $6)`,
    [checkId, clientId, randomUUID(), randomAlphanumeric(32), wrap(checkId), url],
  );
  await tx.query(/* sql */ `update checks set state = 'expired', finished_at = now() where id = $1`, [checkId]);
  await tx.query(
    /* sql */ `insert into events (id, check_id, client_id, type, terminal, sequence, body)
               values ($1, $2, $3, 'expired', true, 1, $4)`,
    [eventId, checkId, clientId, Buffer.from(JSON.stringify({ id: eventId }))],
  );
  await tx.query(
    /* sql */ `insert into deliveries (id, event_id, check_id, client_id, url, origin) values ($1, $2, $3, $4, $5, $6)`,
    [deliveryId, eventId, checkId, clientId, url, new URL(url).origin],
  );
  return deliveryId;
}

/** An attempt at a claimed delivery: by default a success. */
export function anAttempt(delivery: ClaimedDelivery, overrides: Partial<DeliveryAttempt> = {}): DeliveryAttempt {
  return {
    ...delivery,
    pathHash: '0'.repeat(64),
    attempt: delivery.attemptsMade + 1,
    scheduleStep: delivery.scheduleStep + 1,
    startedAt: new Date(),
    elapsedMs: 12,
    outcome: 'delivered',
    deadReason: null,
    health: 'up',
    status: 200,
    errorCode: null,
    dialledAddress: '203.0.113.7',
    response: Buffer.from('ok'),
    retryInSeconds: null,
    ...overrides,
  };
}

/** An attempt that failed and is to be made again. */
export function aFailedAttempt(delivery: ClaimedDelivery, overrides: Partial<DeliveryAttempt> = {}): DeliveryAttempt {
  return anAttempt(delivery, { outcome: 'retry', health: 'down', status: 500, retryInSeconds: 60, ...overrides });
}
