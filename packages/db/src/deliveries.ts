/** The duty to tell one endpoint of one event, and the log of the attempts. The schedule lives here, not in a queue. */
import type { Queryable } from './database.ts';

export type ClaimedDelivery = {
  deliveryId: string;
  eventId: string;
  clientId: string;
  checkId: string;
  url: string;
  attemptsMade: number;
  body: Buffer;
  webhookSecret: Buffer;
  traceparent: string | null;
  /** Seconds from the commit of the delivery to this claim. */
  ageSeconds: number;
};

/**
 * Claims due deliveries for `leaseSeconds`; a claimer that dies loses them when the lease ends. Rows that another
 * dispatcher holds are skipped, never waited for.
 */
export async function claimDueDeliveries(
  db: Queryable,
  { limit, leaseSeconds }: { limit: number; leaseSeconds: number },
): Promise<ClaimedDelivery[]> {
  const { rows } = await db.query(
    /* sql */ `update deliveries delivery
                  set claimed_until = now() + make_interval(secs => $2)
                 from events event, checks
                where event.id = delivery.event_id and checks.id = delivery.check_id
                  and delivery.id in (select id from deliveries
                                       where next_attempt_at <= now() and coalesce(claimed_until < now(), true)
                                       order by next_attempt_at limit $1 for update skip locked)
            returning delivery.id as "deliveryId", event.id as "eventId", delivery.client_id as "clientId",
                      delivery.check_id as "checkId", delivery.url, delivery.attempts_made as "attemptsMade", event.body,
                      checks.webhook_secret as "webhookSecret", delivery.traceparent,
                      extract(epoch from now() - delivery.created_at)::float8 as "ageSeconds"`,
    [limit, leaseSeconds],
  );
  return rows;
}

export type DeliveryAttempt = {
  deliveryId: string;
  attempt: number;
  startedAt: Date;
  elapsedMs: number;
  outcome: 'delivered' | 'retry' | 'dead';
  status: number | null;
  errorCode: string | null;
  dialledAddress: string | null;
  response: Buffer | null;
  /** Seconds until the next attempt, by the database's clock; null unless the outcome is `retry`. */
  retryInSeconds: number | null;
};

/** Logs one attempt and moves the delivery on. False when this attempt was logged before: another claimer was quicker. */
export async function recordAttempt(tx: Queryable, attempt: DeliveryAttempt): Promise<boolean> {
  const { rowCount } = await tx.query(
    /* sql */ `update deliveries
                  set attempts_made = $2, claimed_until = null,
                      next_attempt_at = case when $3 = 'retry' then now() + make_interval(secs => $4) end,
                      delivered_at = case when $3 = 'delivered' then now() end,
                      dead_at = case when $3 = 'dead' then now() end
                where id = $1 and attempts_made = $2 - 1 and next_attempt_at is not null`,
    [attempt.deliveryId, attempt.attempt, attempt.outcome, attempt.retryInSeconds ?? 0],
  );
  if (rowCount !== 1) return false;
  await tx.query(
    /* sql */ `insert into delivery_attempts (delivery_id, attempt, started_at, elapsed_ms, outcome, status, error_code,
                                              dialled_address, response, next_attempt_at)
               select $1, $2, $3, $4, $5, $6, $7, $8, $9, next_attempt_at from deliveries where id = $1`,
    [
      attempt.deliveryId,
      attempt.attempt,
      attempt.startedAt,
      attempt.elapsedMs,
      attempt.outcome,
      attempt.status,
      attempt.errorCode,
      attempt.dialledAddress,
      attempt.response,
    ],
  );
  return true;
}

/** Seconds until the next delivery falls due, or null when none is open: how long a dispatcher may sleep. */
export async function secondsUntilNextDelivery(db: Queryable): Promise<number | null> {
  const { rows } = await db.query(
    /* sql */ `select extract(epoch from min(greatest(next_attempt_at, coalesce(claimed_until, next_attempt_at))) - now())::float8
                      as seconds
                 from deliveries where next_attempt_at is not null`,
  );
  return rows[0].seconds === null ? null : Math.max(0, rows[0].seconds);
}
