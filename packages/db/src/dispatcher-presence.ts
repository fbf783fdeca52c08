/**
 * A dispatcher's sign of life: a session of its own that holds an advisory lock. When its process dies the session ends with
 * it, and what it had claimed is free at once; a lease alone would hold its receivers' room for half a minute.
 */
import pg from 'pg';

// Spells DSPR; the second key of the lock is the dispatcher's number.
const LOCK_CLASS = 0x44535052;
const RECONNECT_MS = 200;

/** The numbers of the dispatchers that live, as a query. */
export const LIVING_DISPATCHERS = /* sql */ `
  select objid::bigint::integer as id from pg_locks
   where locktype = 'advisory' and classid = ${LOCK_CLASS} and objsubid = 2 and granted
     and database = (select oid from pg_database where datname = current_database())`;

export type DispatcherPresence = {
  /** This dispatcher's number. */
  id: number;
  close(): Promise<void>;
};

/** Resolves once the sign of life stands; holds it, over reconnects, until closed. */
export async function holdPresence({
  url,
  onError,
}: {
  url: string;
  onError: (error: Error) => void;
}): Promise<DispatcherPresence> {
  const id = 1 + Math.floor(Math.random() * (2 ** 31 - 2));
  let closed = false;
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;

  const connect = async () => {
    timer = undefined;
    const next = new pg.Client({ connectionString: url, application_name: 'livegate-presence', keepAlive: true });
    client = next;
    next.on('error', onError);
    next.on('end', () => {
      if (!closed) timer ??= setTimeout(() => void connect().catch(onError), RECONNECT_MS);
    });
    await next.connect();
    await next.query('select pg_advisory_lock($1, $2)', [LOCK_CLASS, id]);
  };
  await connect();
  return {
    id,
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await client?.end().catch(() => undefined);
    },
  };
}
