/**
 * The connection to Postgres. Every pool has an `error` listener (without one a dropped connection ends the process)
 * and limits on statements and idle transactions, so that no lock outlives a lost caller.
 */
import type { Duplex } from 'node:stream';
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
    // A server that vanished keeps no time: then nobody waits for its answer any more, and the connection goes.
    query_timeout: statementTimeoutMs * 1.5,
    idle_in_transaction_session_timeout: 10_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    // A statement need not wait for the answer to the one before it: `begin` costs no round trip of its own.
    pipeline: true,
  });
  pool.on('error', onError);
  const begun: Begun = { pool, onError, isLimited: false };
  const alone = planned(pool.query.bind(pool) as Queryable['query']);
  const query = (...args: Parameters<Queryable['query']>) =>
    begun.isLimited && currentClient() !== null ? oneStatement(begun, args) : alone(...args);
  return {
    query: query as unknown as Queryable['query'],
    transaction: (work) => inTransaction(begun, work),
    assumeRole: async (role) => {
      begun.isLimited = true;
      // Before anybody gets the connection: one that cannot have the role cannot be had. Not as a parameter of its start,
      // which PgBouncer refuses.
      // It works for nobody until a transaction says for whom (row-security.ts).
      const taken = `set role ${pg.escapeIdentifier(role)}`;
      pool.options.onConnect = (client) => client.query(taken).then(() => undefined);
      await Promise.all(Array.from({ length: pool.idleCount }, async () => (await pool.connect()).release(true)));
    },
    close: () => pool.end(),
  };
}

// Far more than there are statements in this package: one that is made up anew for each call must not fill the server's memory.
const MOST_NAMES = 1_000;
const names = new Map<string, string>();

/** Names every statement with parameters, so that a connection parses and plans it once. */
function planned(query: Queryable['query']): Queryable['query'] {
  const named = (text: unknown, values?: unknown[]) => {
    if (typeof text !== 'string' || values === undefined) return query(text as string, values);
    const name = nameOf(text);
    return query(name === undefined ? { text, values } : { name, text, values });
  };
  return named as Queryable['query'];
}

function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= MOST_NAMES) return known;
  const name = `livegate-${names.size}`;
  names.set(text, name);
  return name;
}

/** With whose rows the transaction has to do, in the same round trip; it ends with the transaction, so that any pooler may be between. */
function begin({ isLimited }: Begun): string {
  const clientId = isLimited ? currentClient() : null;
  return clientId === null ? 'begin' : `begin; set local app.client_id = ${pg.escapeLiteral(clientId)}`;
}

/** One statement as a transaction of its own: nothing depends on its answer, so that the end leaves with the beginning. */
async function oneStatement(begun: Begun, words: Parameters<Queryable['query']>): Promise<unknown> {
  const client = await begun.pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    return await beginWith(client, begin(begun), async () => {
      const answer = planned(client.query.bind(client) as Queryable['query'])(...words) as unknown as Promise<unknown>;
      // After a statement that failed it rolls back.
      const ended = client.query('commit');
      const [answered, over] = await Promise.allSettled([answer, ended]);
      if (over.status === 'rejected') broken = over.reason as Error;
      if (answered.status === 'rejected') throw answered.reason;
      if (over.status === 'rejected') throw over.reason;
      return answered.value;
    });
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
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
  let isOver = false;
  const statement = planned(client.query.bind(client) as Queryable['query']) as (...words: unknown[]) => unknown;
  const query = (...words: unknown[]) => {
    // One that comes late, after another of its packet has failed, must not run in somebody else's transaction.
    if (isOver) return Promise.reject(new Error('the transaction is over'));
    sendTogether(client.connection.stream);
    return statement(...words);
  };
  const tx: Queryable = { query: query as Queryable['query'] };
  afterwards.set(tx, todo);
  let broken: Error | undefined;
  // A connection that dies between two statements also emits here; the statement in flight rejects as well.
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    const result = await beginWith(client, begin(begun), () => work(tx));
    await client.query('commit');
    return result;
  } catch (error) {
    isOver = true;
    await client.query('rollback').catch((cause: Error) => {
      broken = cause;
    });
    throw error;
  } finally {
    isOver = true;
    client.off('error', onError);
    afterwards.delete(tx);
    client.release(broken);
  }
}

/** `beginning` and the first statement of `work` leave in one packet; their answers come in that order. */
async function beginWith<T>(client: pg.PoolClient, beginning: string, work: () => Promise<T>): Promise<T> {
  const { stream } = client.connection;
  sendTogether(stream);
  const begun = client.query(beginning);
  // Outside a transaction nothing more may be done: the connection goes before another statement can.
  begun.catch(() => stream.destroy());
  const done = startWork(work);
  // Both, so that nothing of `work` is under way when the connection is given back.
  const [began, result] = await Promise.allSettled([begun, done]);
  if (began.status === 'rejected') throw began.reason;
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

const held = new WeakSet<Duplex>();

/** What is written from here on, until nothing more can be done without an answer, leaves in one packet: a write is dear. */
function sendTogether(stream: Duplex): void {
  if (held.has(stream)) return;
  held.add(stream);
  stream.cork();
  process.nextTick(() => {
    held.delete(stream);
    stream.uncork();
  });
}

/** A failure at once is a rejection like any other: `begin` has to be waited for all the same. */
async function startWork<T>(work: () => Promise<T>): Promise<T> {
  return work();
}

// The longest that a timer takes: 24 days.
const NO_LIMIT_MS = 2 ** 31 - 1;

/** The same transaction, whose statements may from now on take as long as they need. */
export async function withoutLimits(tx: Queryable): Promise<Queryable> {
  await tx.query(`select set_config('statement_timeout', '0', true), set_config('lock_timeout', '0', true)`);
  const query = (text: string, values?: unknown[]) => {
    const patient = { text, ...(values && { values }), query_timeout: NO_LIMIT_MS };
    return tx.query(patient);
  };
  return { query: query as Queryable['query'] };
}

/** Until the transaction ends, what triggers write into the log of acts names this actor. */
export async function actAs(tx: Queryable, actor: string): Promise<void> {
  await tx.query(`select set_config('application_name', $1, true)`, [actor]);
}

/** Whether Postgres answers: for readiness. */
export async function ping(db: Queryable): Promise<void> {
  await db.query('select 1');
}
