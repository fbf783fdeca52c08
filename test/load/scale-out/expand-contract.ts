/**
 * A change of the busiest table in the way in which every one has to be made: expand, fill in small steps, hold to it, and
 * contract later. The processes that serve meanwhile are those from before, with their statements planned.
 */
import type { Database } from '@livegate/db/database';

const ROWS_AT_ONCE = 200;

/** Each change waits for its lock for half a second at the most and is tried again: whoever waits longer holds up all behind it. */
async function change(db: Database, statement: string): Promise<void> {
  for (let left = 20; ; left -= 1) {
    try {
      await db.transaction(async (tx) => {
        await tx.query(`set local lock_timeout = '500ms'`);
        await tx.query(statement);
      });
      return;
    } catch (error) {
      if (left === 0 || (error as { code?: string }).code !== LOCK_NOT_AVAILABLE) throw error;
    }
  }
}

const LOCK_NOT_AVAILABLE = '55P03';

/** Adds a column that new code would write, with a trigger for what old code writes. */
export async function expand(db: Database): Promise<void> {
  await change(db, `alter table checks add column cell text`);
  await change(
    db,
    `create function fill_cell() returns trigger language plpgsql as
       $$ begin new.cell := coalesce(new.cell, left(new.client_id, 8)); return new; end $$`,
  );
  await change(
    db,
    `create trigger checks_fill_cell before insert or update on checks for each row execute function fill_cell()`,
  );
  let filled: number | null;
  do {
    ({ rowCount: filled } = await db.query(
      `update checks set cell = left(client_id, 8)
        where id in (select id from checks where cell is null limit $1 for update skip locked)`,
      [ROWS_AT_ONCE],
    ));
  } while (filled);
  await change(db, `alter table checks add constraint cell_is_known check (cell is not null) not valid`);
  // Not under a strong lock: it reads all rows while others write.
  await db.query(`alter table checks validate constraint cell_is_known`);
  await db.query(`create index concurrently checks_by_cell on checks (cell, created_at)`);
}

/** Takes it all away again, when no process is left that knows it. */
export async function contract(db: Database): Promise<void> {
  await db.query(`drop index concurrently checks_by_cell`);
  await change(db, `drop trigger checks_fill_cell on checks`);
  await change(db, `alter table checks drop column cell`);
  await change(db, `drop function fill_cell()`);
}
