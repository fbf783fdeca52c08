/** Every table with rows of clients × what the api's role sees and changes of another client's: nothing. */
import { randomBytes } from 'node:crypto';
import { newApiKey, parseApiKey } from '@livegate/crypto/api-key';
import { asClient } from '@livegate/db/client-scope';
import { createApiKey, createClient } from '@livegate/db/clients';
import { createCollection } from '@livegate/db/collections';
import { openDatabase, type Queryable } from '@livegate/db/database';
import { setLimits } from '@livegate/db/limits';
import { setPolicy } from '@livegate/db/retention-policies';
import { openReview } from '@livegate/db/reviews';
import { ROW_SECURITY } from '@livegate/db/row-security';
import { assumeServiceRole, GRANTS, roleOf } from '@livegate/db/service-roles';
import { captureClient } from '@livegate/test-kit/capture-client';
import { eventually } from '@livegate/test-kit/eventually';
import { genuineFace } from '@livegate/test-kit/faces';
import { integrator } from '@livegate/test-kit/integrator';
import { startStack } from '@livegate/test-kit/stack';
import { afterAll, describe, expect, it } from 'vitest';

const stack = await startStack();
const face = await genuineFace();
const api = openDatabase({
  url: stack.databaseUrl,
  applicationName: 'test',
  maxConnections: 2,
  onError: () => undefined,
});
afterAll(api.close);
await assumeServiceRole(api, 'api');
const [mine, theirs] = [await aClientWithEverything('mine'), await aClientWithEverything('theirs')];
const tables = Object.keys(ROW_SECURITY);

/** A client with rows in every table there is. */
async function aClientWithEverything(name: string): Promise<string> {
  const { db } = stack;
  const clientId = await createClient(db, { name });
  const apiKey = newApiKey('live');
  const key = parseApiKey(apiKey);
  if (!key) throw new Error('a new key must parse');
  await createApiKey(db, { clientId, ...key });
  await createCollection(db, { clientId, name: 'faces' });
  await setLimits(db, { clientId, checksPerMonth: 100, requestsPerMinute: undefined, openChecks: undefined });
  await setPolicy(db, { clientId, artefact: 'scores', seconds: 1_000_000 });
  const post = (path: string, body: object) =>
    fetch(stack.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}`, 'idempotency-key': path },
      body: JSON.stringify(body),
    });
  await post('/webhook_endpoints', { url: 'http://127.0.0.1:9/never' });
  await post('/erasures', { person_reference: 'nobody' });
  await post('/liveness_check', { return_url: 'https://example.com/' });
  const backend = integrator({ url: stack.url, apiKey });
  const { url, token } = await backend.create({ webhook_url: 'http://127.0.0.1:9/never' });
  await captureClient(url).submit(face);
  await backend.untilDone(token);
  const { rows } = await db.query('select id, reference from checks where token = $1', [token]);
  const [{ id: checkId, reference }] = rows;
  await eventually(async () => {
    const tried = await db.query(
      'select from delivery_attempts join deliveries on id = delivery_id where client_id = $1',
      [clientId],
    );
    expect(tried.rowCount).toBeGreaterThan(0);
  });
  await db.query('insert into challenge_steps (check_id, attempt, step, prompt, hold_ms) values ($1, 1, 0, $2, 1)', [
    checkId,
    'left',
  ]);
  await db.query('insert into deletion_receipts (client_id, reference, jws) values ($1, $2, $3)', [
    clientId,
    reference,
    'jws',
  ]);
  await db.query('insert into failures (check_id, client_id, subject) values ($1, $2, $3)', [
    checkId,
    clientId,
    randomBytes(32),
  ]);
  await db.query('insert into handoffs (check_id, token_digest, from_digest, expires_at) values ($1, $2, $3, now())', [
    checkId,
    randomBytes(32),
    randomBytes(32),
  ]);
  await db.query('insert into legal_holds (check_id, reason) values ($1, $2)', [checkId, 'test']);
  const { rowCount } = await db.query('select from reviews where check_id = $1', [checkId]);
  if (!rowCount) await openReview(db, { checkId, causes: ['near_threshold'] });
  await db.query(
    `insert into review_labels (review_id, reviewer, lease_until) select id, 'ada', now() from reviews where check_id = $1`,
    [checkId],
  );
  return clientId;
}

/** Which of its rows could be added at all, where not all could. */
const CONDITIONS: Record<string, string> = {
  checks: `and line.state = 'pending'`,
  audit_log: 'and line.client_id is not null',
};

/** Rows of clients that whoever knows their address may have. */
const FOR_ANYBODY = ['client_logos'];

const placesIn = async (db: Queryable, table: string): Promise<string[]> =>
  (await db.query(`select ctid::text as place from ${table}`)).rows.map(({ place }) => place);

describe('rows of clients', () => {
  it('are in no table but those that the table of policies names', async () => {
    const { rows } = await stack.db.query(
      `select distinct cls.relname as name from pg_class cls join pg_attribute att on att.attrelid = cls.oid
        where cls.relnamespace = 'public'::regnamespace and cls.relkind in ('r', 'p')
          and att.attname in ('client_id', 'check_id', 'delivery_id', 'endpoint_id', 'review_id')`,
    );
    // What the api may not touch at all needs no policy.
    const touched = rows.map(({ name }) => name as string).filter((name) => GRANTS[name]?.api !== undefined);
    for (const name of touched) expect([...tables, ...FOR_ANYBODY], `${name} has rows of clients`).toContain(name);
  });

  it('are limited for the api, and for no other role', async () => {
    const { rows } = await stack.db.query(
      `select relname as name from pg_class where relrowsecurity and relnamespace = 'public'::regnamespace order by 1`,
    );
    expect(rows.map(({ name }) => name)).toEqual([...tables].sort());
    for (const service of ['lifecycle', 'inference-worker', 'webhook-dispatcher'] as const) {
      const own = openDatabase({
        url: stack.databaseUrl,
        applicationName: 'test',
        maxConnections: 1,
        onError: () => undefined,
      });
      await assumeServiceRole(own, service);
      expect((await own.query('select distinct client_id from checks')).rowCount).toBe(2);
      await own.close();
    }
  });
});

describe.each(tables)('%s under the role of the api', (table) => {
  it('shows a client its rows, and nothing of another; without a client nothing at all', async () => {
    const [ours, others] = await Promise.all([mine, theirs].map((id) => asClient(id, () => placesIn(api, table))));
    if (table !== 'audit_log') expect(ours?.filter((place) => others?.includes(place))).toEqual([]);
    expect(ours?.length).toBeGreaterThan(0);
    expect(others?.length).toBeGreaterThan(0);
    if (table !== 'audit_log') expect(await placesIn(api, table)).toEqual([]);
    expect((await placesIn(stack.db, table)).length).toBeGreaterThanOrEqual((ours?.length ?? 0) + 1);
  });

  it('lets nothing of another client be changed, deleted or added', async () => {
    const places = await asClient(theirs, () => placesIn(api, table));
    const { rows: seen } = await stack.db.query(
      `select row_to_json(line) as line, attname as key from ${table} line, pg_attribute
        where line.ctid = any($1::tid[]) and attrelid = '${table}'::regclass and attnum > 0 and attidentity = ''
          ${CONDITIONS[table] ?? ''} order by attnum limit 1`,
      [places],
    );
    const [{ line, key }] = seen;
    const rights = GRANTS[table]?.api ?? '';
    await asClient(mine, async () => {
      const where = 'where ctid = any($1::tid[])';
      if (/update(?! \()/.test(rights))
        expect((await api.query(`update ${table} set ${key} = ${key} ${where}`, [places])).rowCount).toBe(0);
      if (rights.includes('delete'))
        expect((await api.query(`delete from ${table} ${where}`, [places])).rowCount).toBe(0);
      const added = api.query(
        `insert into ${table} overriding system value select (json_populate_record(null::${table}, $1)).*`,
        [JSON.stringify(line)],
      );
      await expect(added).rejects.toThrow(/row-level security|permission denied/);
    });
    const { rows: after } = await stack.db.query(
      `select count(*)::int as n from ${table} where ctid = any($1::tid[])`,
      [places],
    );
    expect(after[0].n).toBe(places.length);
  });
});

it.each(tables.filter((name) => ROW_SECURITY[name]?.startsWith('exists')))(
  'finds the owner of a row of %s by its key, whatever the plan was made for',
  async (table) => {
    // A hashed one reads all that the client has, for one row.
    const plan = await asClient(mine, () => api.query(`explain select from ${table}`));
    expect(plan.rows.map((row) => row['QUERY PLAN']).join('\n')).not.toContain('hashed');
  },
);

it('ends with its transaction: whoever has the connection next is nobody', async () => {
  await asClient(mine, () => api.query('select 1'));
  for (let turn = 0; turn < 4; turn += 1) expect(await placesIn(api, 'checks')).toEqual([]);
  await expect(asClient(mine, () => api.query('select 1 / 0'))).rejects.toThrow('division');
  for (let turn = 0; turn < 4; turn += 1) expect(await placesIn(api, 'checks')).toEqual([]);
});

it('shows nothing to who takes on the role and says nothing', async () => {
  const bare = openDatabase({
    url: stack.databaseUrl,
    applicationName: 'test',
    maxConnections: 1,
    onError: () => undefined,
  });
  await bare.query(`set role ${roleOf('api')}`);
  for (const table of tables.filter((name) => GRANTS[name]?.api && name !== 'audit_log'))
    expect(await placesIn(bare, table), table).toEqual([]);
  await bare.close();
});
