/** How far this machine's clock is from the database's. */
import type { Queryable } from './database.ts';

/** Seconds by which `now` is ahead of the database's clock, the way there and back shared out evenly. */
export async function measureClockSkew(db: Queryable, now: () => number = Date.now): Promise<number> {
  const asked = now();
  const { rows } = await db.query(/* sql */ `select extract(epoch from clock_timestamp())::float8 as seconds`);
  const answered = now();
  return (asked + answered) / 2_000 - rows[0].seconds;
}
