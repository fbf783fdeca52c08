/** Retention at scale: what is due is found without reading what others keep, and ends whole. */
import { aCheck, aClient } from '@livegate/test-kit/builders';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Queryable } from './database.ts';
import { listChecksPastRetention } from './erase-check.ts';
import { forgetOldDigests } from './frame-evidence.ts';
import { purgeDeliveryLog, purgeScores } from './record-retention.ts';
import { setPolicy } from './retention-policies.ts';

const { db } = await cloneDatabase();
const MANY = 6_000;

beforeAll(async () => {
  const [patient, hasty] = [await aClient(db), await aClient(db)];
  for (const artefact of ['verdict', 'scores', 'delivery_log'] as const)
    await setPolicy(db, { clientId: hasty, artefact, seconds: 3_600 });
  for (const clientId of [patient, hasty]) {
    // The hasty client's are younger than its hour, the patient one's older than that and far from their end.
    const age = clientId === hasty ? "n * interval '0.1 seconds'" : "interval '1 day' + n * interval '1 second'";
    await db.query(
      `insert into checks (id, client_id, reference, token, contract, kind, state, challenge, threshold, audit_images,
                           link_expires_at, created_at)
       select 'chk_' || $1 || n, $1, gen_random_uuid(), 'token' || $1 || n, 'globaldata', 'hosted', 'pending', 'none', 70, 0,
              now(), now() - ${age} from generate_series(1, ${MANY}) n`,
      [clientId],
    );
  }
  await db.query(`update checks set state = 'expired', finished_at = created_at`);
  await db.query(
    `insert into events (id, check_id, client_id, type, terminal, sequence, body, created_at)
     select 'evt_' || id, id, client_id, 'expired', true, 1, '', created_at from checks`,
  );
  await db.query(
    `insert into deliveries (id, event_id, check_id, client_id, url, origin, next_attempt_at, delivered_at, created_at)
     select 'dlv_' || id, id, check_id, client_id, 'https://a.example', 'https://a.example', null, created_at, created_at from events`,
  );
  await db.query(
    `insert into frames (check_id, attempt, seq, bytes, fingerprint, received_at)
     select id, 1, 0, 1, decode(md5(id) || md5(id), 'hex'), now() - interval '1 hour' from checks`,
  );
  await db.query('analyze');
});

/** How many rows a statement looked at to find what it wants. */
async function rowsRead(ask: (db: Queryable) => Promise<unknown>): Promise<number> {
  let read = 0;
  const note = (plan: Plan): void => {
    const rows = plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0);
    if (plan['Relation Name']) read += rows * plan['Actual Loops'];
    for (const inner of plan.Plans ?? []) note(inner);
  };
  const explaining = {
    query: async (sql: string, values: unknown[]) => {
      const { rows } = await db.query(`explain (analyze, format json) ${sql}`, values);
      note(rows[0]['QUERY PLAN'][0].Plan);
      return { rows: [], rowCount: 0 };
    },
  };
  await ask(explaining as unknown as Queryable);
  return read;
}
type Plan = {
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: Plan[];
};

describe('beside a client that keeps things for an hour, and much that others keep for longer', () => {
  it.each([
    ['checks past their time', (tx: Queryable) => listChecksPastRetention(tx, 100)],
    ['scores past theirs', (tx: Queryable) => purgeScores(tx, 100)],
    ['deliveries past theirs', (tx: Queryable) => purgeDeliveryLog(tx, 100)],
    ['digests past theirs', (tx: Queryable) => forgetOldDigests(tx, 100)],
  ])('%s are found without reading the rest', async (_name, ask) => {
    expect(await rowsRead(ask)).toBeLessThan(100);
  });
});

describe('a check of which a row points at it', () => {
  it.each(['deliveries', 'events', 'delivery_attempts'])('is erased without reading all %s', async (table) => {
    const { rows } = await db.query(
      `select count(*)::int as keys,
              count(*) filter (where exists (
                select from pg_index where indrelid = conrelid and indkey[0] = conkey[1] and indpred is null))::int as indexed
         from pg_constraint where contype = 'f' and conrelid = $1::regclass
          and confrelid in ('checks'::regclass, 'events'::regclass, 'deliveries'::regclass)`,
      [table],
    );
    expect(rows[0].keys).toBeGreaterThan(0);
    expect(rows[0].indexed).toBe(rows[0].keys);
  });
});

describe('scores that end before the images do', () => {
  it('end with the images, and hold up nobody', async () => {
    const clientId = await aClient(db);
    await setPolicy(db, { clientId, artefact: 'scores', seconds: 600 });
    const { id } = await aCheck(db, { clientId });
    await db.query(`update checks set state = 'expired', finished_at = now() - interval '20 minutes' where id = $1`, [
      id,
    ]);
    await db.query(`insert into frame_batches (id, check_id, attempt) values ('bat_' || $1::text, $1, 1)`, [id]);
    await db.query(
      `insert into frames (check_id, attempt, seq, bytes, batch_id, image_expires_at)
       values ($1, 1, 0, 1, 'bat_' || $1::text, now() + interval '10 minutes'), ($1, 1, 1, 1, 'bat_' || $1::text, null)`,
      [id],
    );
    const purged = async () =>
      (await db.transaction((tx) => purgeScores(tx, 100))).filter(({ checkId }) => checkId === id);
    expect(await purged()).toEqual([]);
    await db.query(`update frames set image_expires_at = null where check_id = $1`, [id]);
    expect(await purged()).toMatchObject([{ rows: 2 }]);
    expect((await db.query(`select from frame_batches where check_id = $1`, [id])).rowCount).toBe(0);
  });
});
