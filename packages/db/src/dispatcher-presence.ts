/**
 * A dispatcher's sign of life: a session of its own that holds an advisory lock. When its process dies the session ends with
 * it, and what it had claimed is free at once; a lease alone would hold its receivers' room for half a minute.
 */
import { type Heartbeat, keepSession } from './kept-session.ts';

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

type Options = { url: string; heartbeat?: Heartbeat; onError: (error: Error) => void };

/** Resolves once the sign of life stands; holds it, over reconnects, until closed. */
export async function holdPresence({ url, heartbeat, onError }: Options): Promise<DispatcherPresence> {
  const id = 1 + Math.floor(Math.random() * (2 ** 31 - 2));
  const session = keepSession({
    url,
    applicationName: 'livegate-presence',
    reconnectMs: RECONNECT_MS,
    heartbeat,
    // Shared: Postgres may take hours to notice that the session before this one is gone, and must not make it wait so long.
    begin: (client) => client.query('select pg_advisory_lock_shared($1, $2)', [LOCK_CLASS, id]),
    onError,
  });
  try {
    await session.begun;
  } catch (error) {
    await session.close();
    throw error;
  }
  return { id, close: session.close };
}
