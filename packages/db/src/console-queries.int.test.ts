/** What the console asks is answered by indexes: a search must not read all checks of a year. */
import { aCheck, aClient } from '@livegate/test-kit/builders';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  countChecksByMinute,
  findCheckNamed,
  findChecks,
  listAllDeliveries,
  listDeliveriesOf,
  listWaitingBatches,
  secondsSinceLastEnd,
} from './console-queries.ts';
import type { Queryable } from './database.ts';

const { db } = await cloneDatabase();
const FIRST = { limit: 26, after: null };
const LATER = { limit: 26, after: { place: String(Date.now() * 1_000), id: 'chk_' } };

beforeAll(async () => {
  const clientId = await aClient(db);
  await db.query(
    `insert into checks (id, client_id, reference, token, contract, kind, state, challenge, threshold, audit_images,
                         link_expires_at, created_at)
     select 'chk_' || n, $1, gen_random_uuid(), 'token' || n, 'globaldata', 'hosted', 'pending', 'none', 70, 0, now(),
            now() - n * interval '1 minute' from generate_series(1, 6000) n`,
    [clientId],
  );
  await db.query(`update checks set state = 'expired', finished_at = created_at where right(id, 2) <> '00'`);
  await db.query(
    `insert into events (id, check_id, client_id, type, terminal, sequence, body, created_at)
     select 'evt_' || id, id, client_id, 'expired', true, 1, '', created_at from checks where state = 'expired'`,
  );
  await db.query(
    `insert into deliveries (id, event_id, check_id, client_id, url, origin, next_attempt_at, delivered_at, created_at)
     select 'dlv_' || id, id, check_id, client_id, 'https://a.example', 'https://a.example', null, now(), created_at from events`,
  );
  await db.query(
    `insert into frame_batches (id, check_id, attempt, scored_at) select 'bat_' || id, id, 1, now() from checks`,
  );
  await db.query('analyze');
});

/** The tables that Postgres would read from end to end to answer. */
async function readWhole(ask: (db: Queryable) => Promise<unknown>): Promise<string[]> {
  const whole: string[] = [];
  const explaining = {
    // As a statement is planned that a connection keeps for whatever values come.
    query: async (sql: string) => {
      const { rows } = await db.query(`explain (generic_plan, format json) ${sql}`);
      const note = (plan: Plan) => {
        if (plan['Node Type'] === 'Seq Scan' && plan['Relation Name']) whole.push(plan['Relation Name']);
        for (const inner of plan.Plans ?? []) note(inner);
      };
      note(rows[0]['QUERY PLAN'][0].Plan);
      return { rows: [{ minute: new Date() }] };
    },
  };
  await ask(explaining as unknown as Queryable);
  return whole.filter((table) => ['checks', 'deliveries', 'events', 'frame_batches', 'frames'].includes(table));
}
type Plan = { 'Node Type': string; 'Relation Name'?: string; Plans?: Plan[] };

describe('a question of the console', () => {
  it.each([
    ['checks, newest first', (tx: Queryable) => findChecks(tx, { page: FIRST })],
    ['a later page', (tx: Queryable) => findChecks(tx, { page: LATER })],
    ['by state', (tx: Queryable) => findChecks(tx, { page: FIRST, state: 'expired' })],
    ['by a state that is rare', (tx: Queryable) => findChecks(tx, { page: FIRST, state: 'failed' })],
    ['by a state of open checks', (tx: Queryable) => findChecks(tx, { page: FIRST, state: 'in_progress' })],
    [
      'by time',
      (tx: Queryable) => findChecks(tx, { page: FIRST, since: new Date(Date.now() - 600_000), until: new Date() }),
    ],
    ['by reference', (tx: Queryable) => findCheckNamed(tx, { by: 'reference', text: crypto.randomUUID() })],
    ['by token', (tx: Queryable) => findCheckNamed(tx, { by: 'token', text: 'x' })],
    ['by id', (tx: Queryable) => findCheckNamed(tx, { by: 'id', text: 'x' })],
    ['throughput', (tx: Queryable) => countChecksByMinute(tx, new Date(Date.now() - 120_000))],
    ['the last end', (tx: Queryable) => secondsSinceLastEnd(tx)],
    ['what waits', (tx: Queryable) => listWaitingBatches(tx, 50)],
    ['deliveries, newest first', (tx: Queryable) => listAllDeliveries(tx, { page: FIRST })],
    ['a later page of deliveries', (tx: Queryable) => listAllDeliveries(tx, { page: LATER })],
    ['dead letters', (tx: Queryable) => listAllDeliveries(tx, { page: FIRST, state: 'dead' })],
    ['deliveries of a check', (tx: Queryable) => listDeliveriesOf(tx, { checkId: 'chk_1' })],
    ['deliveries of an event', (tx: Queryable) => listDeliveriesOf(tx, { eventId: 'evt_chk_1' })],
  ])('reads no large table from end to end: %s', async (_name, ask) => {
    expect(await readWhole(ask)).toEqual([]);
  });

  it('would be seen to read one: the guard is no blind one', async () => {
    expect(await readWhole((tx) => tx.query(`select from checks where attempt_words = 'x'`))).toEqual(['checks']);
  });

  it('pages through all checks once, newest first', async () => {
    const seen: string[] = [];
    for (let after: { place: string; id: string } | null = null; ; ) {
      const rows = await findChecks(db, { page: { limit: 2_500, after }, state: 'expired' });
      seen.push(...rows.map(({ id }) => id));
      after = rows.at(-1) ?? null;
      if (rows.length < 2_500) break;
    }
    expect(new Set(seen).size).toBe(5_940);
    expect(seen).toHaveLength(5_940);
  });

  it('counts by minute what was made and how it ended', async () => {
    const check = await aCheck(db);
    await db.query(`update checks set state = 'expired', finished_at = now() where id = $1`, [check.id]);
    const rows = await countChecksByMinute(db, new Date(Date.now() - 30_000));
    const total = (key: 'created' | 'expired') => rows.reduce((sum, row) => sum + row[key], 0);
    expect([total('created'), total('expired')]).toEqual([1, 1]);
  });
});
