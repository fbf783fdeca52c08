/** Which hosts run services now: the guard against BullMQ on Postgres across machines (their clocks would decide locks). */
import type { Queryable } from './database.ts';

type Presence = { host: string; service: string };

/** Notes that `service` runs on `host`, and returns the other hosts seen in the last minute. */
export async function announceHost(db: Queryable, { host, service }: Presence): Promise<string[]> {
  await db.query(
    /* sql */ `insert into service_hosts (host, service) values ($1, $2)
               on conflict (host, service) do update set seen_at = now()`,
    [host, service],
  );
  const { rows } = await db.query(
    /* sql */ `select distinct host from service_hosts where host <> $1 and seen_at > now() - interval '1 minute'`,
    [host],
  );
  return rows.map((row) => row.host as string);
}

/** Takes the note back at a clean stop, so that moving to another host needs no wait. */
export async function withdrawHost(db: Queryable, { host, service }: Presence): Promise<void> {
  await db.query(/* sql */ `delete from service_hosts where host = $1 and service = $2`, [host, service]);
}
