/**
 * What must never be, counted. The commands and constraints of this package make each impossible; this looks all the
 * same, because a restored backup, a hand-made change or a fault of ours would show here first.
 */
import type { Queryable } from './database.ts';

export const INVARIANTS = [
  'terminal_without_event',
  'event_without_delivery',
  'open_past_deadline',
  'key_after_retention',
  'images_without_a_use',
] as const;
export type Invariant = (typeof INVARIANTS)[number];

// The newest transitions, by primary key: what broke long ago was counted when it was new.
const RECENT_TRANSITIONS = 5_000;

/** Rows that break each invariant at this moment; sweeps get a minute before their delay counts as a breach. */
export async function countViolations(db: Queryable): Promise<Record<Invariant, number>> {
  const { rows } = await db.query(
    /* sql */ `with ended as (
                 select log.check_id, log.at
                   from (select check_id, to_state, at from check_transition_log order by sequence desc limit $1) as log
                  where log.to_state in ('complete', 'expired', 'failed')
               )
               select (select count(*)::int from ended
                        -- A check that was erased takes its events with it.
                        where exists (select from checks where checks.id = ended.check_id)
                          and not exists (select from events where events.check_id = ended.check_id and events.terminal))
                        as terminal_without_event,
                      (select count(*)::int
                         from ended join checks on checks.id = ended.check_id
                         join events on events.check_id = checks.id and events.terminal
                        where checks.webhook_url is not null
                          -- Deliveries end before their events do.
                          and ended.at > now() - least(interval '1 day', shortest_retention('delivery_log'))
                          and not exists (select from deliveries where deliveries.event_id = events.id))
                        as event_without_delivery,
                      (select count(*)::int from checks
                        where state in ('pending', 'in_progress')
                          and (deadline_at < now() - interval '1 minute'
                               or (submitted_at is null and link_expires_at < now() - interval '1 minute')))
                        as open_past_deadline,
                      (select count(*)::int from checks
                        where images_expire_at < now() - interval '5 minutes' and data_key is not null
                          and id not in (select check_id from legal_holds))
                        as key_after_retention,
                      (select count(*)::int from ended join checks on checks.id = ended.check_id
                        where ended.at < now() - interval '1 minute' and checks.data_key is null
                          -- An image in an object store is told of by its frame alone.
                          and (exists (select from frame_blobs blob where blob.check_id = checks.id)
                               or exists (select from frames where frames.check_id = checks.id and image_expires_at is not null)))
                        as images_without_a_use`,
    [RECENT_TRANSITIONS],
  );
  return rows[0];
}
