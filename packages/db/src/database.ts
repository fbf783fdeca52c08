/**
 * The connection to Postgres. Every pool has an `error` listener (without one a dropped connection ends the process)
 * and limits on statements and idle transactions, so that no lock outlives a lost caller.
 */
import pg from 'pg';
import { currentClient } from './client-scope.ts';

/** A pool or a transaction: what every function of this package takes first. */
export type Queryable = Pick<pg.PoolClient, 'query'>;

export type Database = Queryable & {
  /** Runs `work` in one transaction: commits when it returns, rolls back when it throws. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /** Gives up the login's rights for those of a role, on every connection from now on. */
  assumeRole(role: string): Promise<void>;
  close(): Promise<void>;
};

type Options = {
  url: string;
  applicationName: string;
  maxConnections?: number;
  /** Milliseconds for one statement; a migration is not bound by it. */
  statementTimeoutMs?: number;
  onError: (error: Error) => void;
};

/** Opens a pool. Connects lazily; `onError` hears of connections lost while idle. */
export function openDatabase({
  url,
  applicationName,
  maxConnections = 10,
  statementTimeoutMs = 10_000,
  onError,
}: Options): Database {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: applicationName,
    max: maxConnections,
    connectionTimeoutMillis: 5_000,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: 10_000,
    keepAlive: true,
  });
  pool.on('error', onError);
  const begun: Begun = { pool, onError, isLimited: false };
  const query = (...args: Parameters<Queryable['query']>) =>
    begun.isLimited && currentClient() !== null
      ? inTransaction(begun, (tx) => tx.query(...args) as unknown as Promise<unknown>)
      : pool.query(...args);
  return {
    query: query as unknown as Queryable['query'],
    transaction: (work) => inTransaction(begun, work),
    assumeRole: async (role) => {
      begun.isLimited = true;
      // Before anybody gets the connection: one that cannot have the role cannot be had. Not as a parameter of its start,
      // which PgBouncer refuses.
      // It works for nobody until a transaction says for whom (row-security.ts).
      const declare = `set role ${pg.escapeIdentifier(role)}; set app.client_id = ''`;
      pool.options.onConnect = (client) => client.query(declare).then(() => undefined);
      await Promise.all(Array.from({ length: pool.idleCount }, async () => (await pool.connect()).release(true)));
    },
    close: () => pool.end(),
  };
}

/** With whose rows the transaction has to do, in the same round trip; it ends with the transaction, so that any pooler may be between. */
function begin({ isLimited }: Begun): string {
  const clientId = isLimited ? currentClient() : null;
  return clientId === null ? 'begin' : `begin; set local app.client_id = ${pg.escapeLiteral(clientId)}`;
}

type Afterwards = () => Promise<void>;
const afterwards = new WeakMap<Queryable, Afterwards[]>();

/**
 * Runs `work` once the transaction `tx` has committed, and never if it does not; outside a transaction at once. For what
 * Postgres cannot roll back, like removing an object. `work` may be lost with the process: something must sweep after it.
 */
export async function afterCommit(tx: Queryable, work: Afterwards): Promise<void> {
  const waiting = afterwards.get(tx);
  if (waiting) waiting.push(work);
  else await work();
}

/** `isLimited`: the role may see one client's rows only, and has to say whose. */
type Begun = { pool: pg.Pool; onError: (error: Error) => void; isLimited: boolean };

async function inTransaction<T>(begun: Begun, work: (tx: Queryable) => Promise<T>): Promise<T> {
  const todo: Afterwards[] = [];
  const result = await commitOrRollBack(begun, todo, work);
  // The outcome stands; what fails now is swept up later.
  for (const next of todo) await next().catch(begun.onError);
  return result;
}

async function commitOrRollBack<T>(begun: Begun, todo: Afterwards[], work: (tx: Queryable) => Promise<T>): Promise<T> {
  const client = await begun.pool.connect();
  afterwards.set(client, todo);
  let broken: Error | undefined;
  // A connection that dies between two statements also emits here; the statement in flight rejects as well.
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    await client.query(begin(begun));
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((cause: Error) => {
      broken = cause;
    });
    throw error;
  } finally {
    client.off('error', onError);
    afterwards.delete(client);
    client.release(broken);
  }
}

/** Whether Postgres answers: for readiness. */
export async function ping(db: Queryable): Promise<void> {
  await db.query('select 1');
}
