/**
 * The connection to Postgres. Every pool has an `error` listener (without one a dropped connection ends the process)
 * and limits on statements and idle transactions, so that no lock outlives a lost caller.
 */
import pg from 'pg';

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
  return {
    query: pool.query.bind(pool) as Queryable['query'],
    transaction: (work) => inTransaction({ pool, onError }, work),
    assumeRole: async (role) => {
      // Before anybody gets the connection: one that cannot have the role cannot be had. Not as a parameter of its start,
      // which PgBouncer refuses.
      pool.options.onConnect = (client) => client.query(`set role ${pg.escapeIdentifier(role)}`).then(() => undefined);
      await Promise.all(Array.from({ length: pool.idleCount }, async () => (await pool.connect()).release(true)));
    },
    close: () => pool.end(),
  };
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

type Begun = { pool: pg.Pool; onError: (error: Error) => void };

async function inTransaction<T>(begun: Begun, work: (tx: Queryable) => Promise<T>): Promise<T> {
  const todo: Afterwards[] = [];
  const result = await commitOrRollBack(begun.pool, todo, work);
  // The outcome stands; what fails now is swept up later.
  for (const next of todo) await next().catch(begun.onError);
  return result;
}

async function commitOrRollBack<T>(pool: pg.Pool, todo: Afterwards[], work: (tx: Queryable) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  afterwards.set(client, todo);
  let broken: Error | undefined;
  // A connection that dies between two statements also emits here; the statement in flight rejects as well.
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    await client.query('begin');
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

/** Until the transaction ends, what triggers write into the log of acts names this actor. */
export async function actAs(tx: Queryable, actor: string): Promise<void> {
  await tx.query(`select set_config('application_name', $1, true)`, [actor]);
}

/** Whether Postgres answers: for readiness. */
export async function ping(db: Queryable): Promise<void> {
  await db.query('select 1');
}
