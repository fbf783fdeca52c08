/** The one clock that decides deadlines. */
import type { Queryable } from './database.ts';

/** Reads the database's time without asking for it again. */
export type DatabaseTime = () => Date;

/** The time that has passed since the database said `now`, by a clock that nobody sets, is added to it. */
export function timeSince(now: Date): DatabaseTime {
  const heard = performance.now();
  return () => new Date(now.getTime() + performance.now() - heard);
}

/** The database's time: in a transaction, that of its beginning. */
export async function databaseNow(db: Queryable): Promise<Date> {
  const { rows } = await db.query('select now() as now');
  return rows[0].now;
}
