/**
 * Connections that wait for the next request to the same origin. Each was dialled through the guard, and the address it
 * ends at cannot change while it is open; should it have to be dialled again, the guard judges again.
 */
import type { Client } from 'undici';

/** One connection, in the hands of one request at a time. */
export type Connection = {
  client: Client;
  /** Whether it served a request before: its peer may have hung up meanwhile. */
  reused: boolean;
  /** The address it was dialled at, once it was. */
  dialled: string | null;
  /** The deadline of the request that holds it. */
  deadline: AbortSignal;
};

export type KeptConnections = {
  take(origin: string): Connection | undefined;
  /** Keeps it for a while; closes it when enough are kept. */
  keep(origin: string, connection: Connection): void;
  close(): Promise<void>;
};

// Shorter than the 5 s after which Node's and most other servers hang up: a request should not meet a closing door.
const IDLE_MS = 2_000;
const MAX_PER_ORIGIN = 4;
const MAX_IN_ALL = 256;

export function keepConnections(): KeptConnections {
  const kept = new Map<string, { connection: Connection; timer: NodeJS.Timeout }[]>();
  let count = 0;
  const forget = (origin: string, connection: Connection) => {
    const waiting = kept.get(origin) ?? [];
    const index = waiting.findIndex((entry) => entry.connection === connection);
    if (index < 0) return false;
    clearTimeout(waiting[index]?.timer);
    waiting.splice(index, 1);
    if (waiting.length === 0) kept.delete(origin);
    count -= 1;
    return true;
  };
  const drop = (origin: string, connection: Connection) => {
    if (forget(origin, connection)) void connection.client.destroy();
  };
  return {
    take: (origin) => {
      // The one used last is the one least likely to be hung up.
      const connection = kept.get(origin)?.at(-1)?.connection;
      if (connection) forget(origin, connection);
      return connection;
    },
    keep: (origin, connection) => {
      const waiting = kept.get(origin) ?? [];
      if (waiting.length >= MAX_PER_ORIGIN || count >= MAX_IN_ALL) return void connection.client.destroy();
      if (!connection.reused) connection.client.on('disconnect', () => drop(origin, connection));
      connection.reused = true;
      const timer = setTimeout(() => drop(origin, connection), IDLE_MS);
      kept.set(origin, [...waiting, { connection, timer }]);
      count += 1;
    },
    close: async () => {
      const all = [...kept.values()].flat();
      kept.clear();
      count = 0;
      for (const { timer } of all) clearTimeout(timer);
      await Promise.all(all.map(({ connection }) => connection.client.destroy()));
    },
  };
}
