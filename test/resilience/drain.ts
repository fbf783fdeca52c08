/**
 * After the faults: every open link and every waiting retry is moved to now by SQL (a test does not wait half an hour for a link
 * nor two minutes for a receiver), and then it is the system's turn. How long it takes is the heal time.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Queryable } from '@livegate/db/database';

export type Open = { checks: number; deliveries: number; batches: number };
export type Drained = { seconds: number; done: boolean; left: Open };

const LOOK_EVERY_MS = 250;
// What comes after the end, if anything does: a duplicate that is still on its way.
const QUIET_MS = 1_500;

type Options = {
  db: () => Queryable;
  limitSeconds: number;
  /** Brings forward re-drives and leases as well, for runs that only ask whether something heals at all. */
  hurry?: boolean;
};

export async function drain({ db, limitSeconds, hurry = false }: Options): Promise<Drained> {
  const startedAt = performance.now();
  const seconds = () => Math.round((performance.now() - startedAt) / 100) / 10;
  let left: Open = { checks: -1, deliveries: -1, batches: -1 };
  let leased = hurry;
  while (seconds() < limitSeconds) {
    try {
      await moveClocks(db());
      if (leased) await endLeases(db());
      leased = false;
      left = await countOpen(db());
      if (left.checks + left.deliveries === 0) {
        const healed = seconds();
        await pause(QUIET_MS);
        return { seconds: healed, done: true, left };
      }
    } catch {
      // Postgres may not be back yet; that is part of the heal time.
    }
    await pause(LOOK_EVERY_MS);
  }
  return { seconds: seconds(), done: false, left };
}

/** Repeated, because a submission that could not be evaluated opens its link again, and an attempt under way may still fail. */
async function moveClocks(db: Queryable): Promise<void> {
  await db.query(
    `update checks set link_expires_at = now() where state in ('pending', 'in_progress') and link_expires_at > now()`,
  );
  await db.query(`update deliveries set next_attempt_at = now() where next_attempt_at > now() + interval '1 second'`);
  const { rows } = await db.query(`select to_regclass('breakers') is not null as "hasBreakers"`);
  if (rows[0].hasBreakers) await db.query(`update breakers set open_until = now() where open_until > now()`);
}

/** Once only: again and again it would take every batch from the worker that has just claimed it. */
async function endLeases(db: Queryable): Promise<void> {
  await db.query(
    `update frame_batches set due_at = now() where due_at > now() and scored_at is null and given_up_at is null`,
  );
}

async function countOpen(db: Queryable): Promise<Open> {
  const { rows } = await db.query(
    `select (select count(*)::int from checks where finished_at is null) as checks,
            (select count(*)::int from deliveries where next_attempt_at is not null) as deliveries,
            (select count(*)::int from frame_batches batch join checks on checks.id = check_id
              where finished_at is null and scored_at is null) as batches`,
  );
  return rows[0];
}
