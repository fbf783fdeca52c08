/** A database clock that a test moves by SQL: all deadlines are decided by `now()` there, so this moves them all. */
import { openDatabase } from '@livegate/db/database';

export type MovableClock = {
  /** Moves the database's `now()` forward, for all its sessions at once. */
  forward(minutes: number): Promise<void>;
};

/**
 * Shadows `now()` in the cloned database at `url`. Call it before anything else connects: sessions that are open already
 * keep the real clock. Defaults of columns keep it as well.
 */
export async function movableClock(url: string): Promise<MovableClock> {
  await once(url, [
    'create table public.clock_shift (by interval not null)',
    `insert into public.clock_shift values (interval '0')`,
    `create function public.now() returns timestamptz language sql stable as
       'select pg_catalog.now() + (select by from public.clock_shift)'`,
    `create function public.clock_timestamp() returns timestamptz language sql volatile as
       'select pg_catalog.clock_timestamp() + (select by from public.clock_shift)'`,
    // Named behind public, pg_catalog no longer comes first.
    `do $$ begin execute format('alter database %I set search_path = public, pg_catalog', current_database()); end $$`,
  ]);
  return {
    forward: (minutes) => once(url, [`update public.clock_shift set by = by + interval '${minutes} minutes'`]),
  };
}

async function once(url: string, statements: readonly string[]): Promise<void> {
  const db = openDatabase({ url, applicationName: 'test-clock', maxConnections: 1, onError: () => undefined });
  for (const statement of statements) await db.query(statement);
  await db.close();
}
