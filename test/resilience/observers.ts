/**
 * What the harness adds to the database to see what happens in it: a role per process, and a log of who claimed, scored and
 * re-drove which generation of a batch. The product knows nothing of it.
 */
import { type Database, openDatabase } from '@livegate/db/database';
import { migrate } from '@livegate/db/migrate';

const NAME = 'livegate';

/** The URL of the database under test on a server. */
export function databaseUrl(serverUrl: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${NAME}`;
  return url.href;
}

/** Makes the database, migrated, with a role per member (its password is its name) and the observers. */
export async function prepareDatabase(serverUrl: string, members: readonly string[]): Promise<void> {
  await using(serverUrl, async (server) => {
    await server.query(`create database ${NAME}`);
    // Superusers, so that each may do what one shared role would be allowed to.
    for (const member of members) await server.query(`create role "${member}" superuser login password '${member}'`);
  });
  await using(databaseUrl(serverUrl), async (db) => {
    await migrate(db);
    await db.query(OBSERVERS);
  });
}

const OBSERVERS = /* sql */ `
  create schema harness;
  create table harness.batch_log (
    sequence bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    -- Who signed in: the services take a role of theirs after that.
    who text not null default session_user,
    what text not null,
    batch_id text not null,
    generation integer not null
  );
  create function harness.note_batch() returns trigger language plpgsql security definer as $$
  begin
    if new.attempts_started > old.attempts_started then
      insert into harness.batch_log (what, batch_id, generation) values ('claim', new.id, new.generation);
    end if;
    if new.generation > old.generation then
      insert into harness.batch_log (what, batch_id, generation) values ('re-drive', new.id, new.generation);
    end if;
    if new.scored_at is not null and old.scored_at is null then
      insert into harness.batch_log (what, batch_id, generation) values ('score', new.id, new.generation);
    end if;
    return null;
  end $$;
  create trigger harness_notes after update on frame_batches for each row execute function harness.note_batch();
`;

async function using(url: string, work: (db: Database) => Promise<void>): Promise<void> {
  const db = openDatabase({ url, applicationName: 'harness', maxConnections: 1, onError: () => undefined });
  try {
    await work(db);
  } finally {
    await db.close();
  }
}
