/**
 * Telling an event again, under its old id. An open delivery is brought forward: its pending automatic attempt is
 * cancelled and the schedule moves on by one. A finished one (delivered or dead) begins a new schedule.
 */
import { DELIVERY_HORIZON_HOURS } from '@livegate/domain/delivery-limits';
import { REPLAY_WINDOW_DAYS } from '@livegate/domain/retention';
import type { Queryable } from './database.ts';
import { CHANNELS, notify } from './notifications.ts';

// Not past its window, its secret still there, its endpoint (if it has one) neither disabled nor deleted.
const REPLAYABLE = /* sql */ `
  delivery.created_at > now() - make_interval(days => $1)
  and case when delivery.endpoint_id is null
           then exists (select from checks where checks.id = delivery.check_id and checks.webhook_secret is not null)
           else exists (select from webhook_endpoints endpoint where endpoint.id = delivery.endpoint_id
                           and endpoint.deleted_at is null and endpoint.disabled_at is null) end`;

const REVIVE = /* sql */ `
  replays_wanted = replays_wanted + 1,
  next_attempt_at = now(),
  schedule_step = case when next_attempt_at is null then 0 else schedule_step end,
  horizon_at = case when next_attempt_at is null then now() + make_interval(hours => $2) else horizon_at end,
  url = coalesce((select endpoint.url from webhook_endpoints endpoint where endpoint.id = endpoint_id), url),
  origin = coalesce((select endpoint.origin from webhook_endpoints endpoint where endpoint.id = endpoint_id), origin),
  delivered_at = null, dead_at = null, dead_reason = null`;

/** Makes the event's deliveries (or one of them) due now; returns their ids, none when there is nothing to replay. */
export async function replayEvent(
  tx: Queryable,
  { clientId, eventId, deliveryId = null }: { clientId: string; eventId: string; deliveryId?: string | null },
): Promise<string[]> {
  const { rows } = await tx.query(
    /* sql */ `update deliveries delivery set ${REVIVE}
                where client_id = $3 and event_id = $4 and ($5::text is null or id = $5) and ${REPLAYABLE}
            returning id`,
    [REPLAY_WINDOW_DAYS, DELIVERY_HORIZON_HOURS, clientId, eventId, deliveryId],
  );
  if (rows.length > 0) await notify(tx, CHANNELS.deliveryDue);
  return rows.map((row) => row.id as string);
}

/** The client whose event this is, or null: for an operator, who knows the event's id from a log. */
export async function findClientOfEvent(db: Queryable, eventId: string): Promise<string | null> {
  const { rows } = await db.query(/* sql */ `select client_id from events where id = $1`, [eventId]);
  return rows[0]?.client_id ?? null;
}

export type RecoveryWish = {
  clientId: string;
  since: Date;
  until: Date | null;
  /** `dead`: what was given up. `all`: also what was delivered (the receiver lost it). Open deliveries are on their way. */
  which: 'dead' | 'all';
  limit: number;
};

/** Makes up to `limit` finished deliveries of a time range due again, oldest first; returns how many. */
export async function recoverDeliveries(tx: Queryable, wish: RecoveryWish): Promise<number> {
  const { rowCount } = await tx.query(
    /* sql */ `update deliveries delivery set ${REVIVE}
                where id in (select id from deliveries delivery
                              where client_id = $3 and created_at >= $4 and ($5::timestamptz is null or created_at < $5)
                                and (dead_at is not null or ($6 = 'all' and delivered_at is not null)) and ${REPLAYABLE}
                              order by created_at limit $7 for update skip locked)`,
    [REPLAY_WINDOW_DAYS, DELIVERY_HORIZON_HOURS, wish.clientId, wish.since, wish.until, wish.which, wish.limit],
  );
  if (rowCount) await notify(tx, CHANNELS.deliveryDue);
  return rowCount ?? 0;
}

/** Forgets the webhook secrets of checks that ended so long ago that no replay can come; returns how many. */
export async function forgetOldWebhookSecrets(db: Queryable, limit: number): Promise<number> {
  const { rowCount } = await db.query(
    /* sql */ `update checks set webhook_secret = null
                where id in (select id from checks
                              where webhook_secret is not null and finished_at < now() - make_interval(days => $2)
                                and not exists (select from deliveries where check_id = checks.id and next_attempt_at is not null)
                              limit $1 for update skip locked)`,
    [limit, REPLAY_WINDOW_DAYS],
  );
  return rowCount ?? 0;
}
