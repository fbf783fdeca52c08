/** The one clock that decides deadlines. */
import type { Queryable } from './database.ts';

/** The database's time: in a transaction, that of its beginning. */
export async function databaseNow(db: Queryable): Promise<Date> {
  const { rows } = await db.query('select now() as now');
  return rows[0].now;
}
