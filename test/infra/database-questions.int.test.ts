import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatabase } from '@livegate/db/database';
import { finishCheck } from '@livegate/db/finish-check';
import { insertBatch } from '@livegate/db/frame-batches';
import { aCheck } from '@livegate/test-kit/builders';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { repositoryRoot } from '@livegate/test-kit/shared-files';
import { afterAll, describe, expect, it } from 'vitest';
import { render } from './kubernetes-manifests.ts';
import { dashboardTargets, runbooks } from './queries.ts';

const database = await cloneDatabase();
const root = join(repositoryRoot, 'infra', 'postgres');

/** Runs the file that makes a role that may read, as an operator does, and signs in as it. */
async function readerOf(file: string, role: string) {
  const setup = await readFile(join(root, file), 'utf8');
  const runSetup = () => database.db.query(setup.replace(":'reader_password'", `'secret'`));
  await runSetup();
  const url = new URL(database.url);
  url.username = role;
  url.password = 'secret';
  const reader = openDatabase({ url: url.href, applicationName: 'test', maxConnections: 1, onError: () => undefined });
  afterAll(() => reader.close());
  return { reader, runSetup };
}

describe('the role that dashboards read with', async () => {
  const { reader, runSetup } = await readerOf('grafana-reader.sql', 'grafana_reader');

  const questions = dashboardTargets.filter(({ rawSql }) => rawSql !== undefined);
  it.each(questions)('is answered: $where', async ({ rawSql = '' }) => {
    await reader.query(rawSql.replace(/\$__timeFilter\(([^)]+)\)/g, `$1 between now() - interval '1 day' and now()`));
  });

  it('may be made again after an upgrade', async () => {
    await runSetup();
    await reader.query('select * from reports.deliveries');
  });

  it.each([
    'select data_key from checks',
    'select sealed from frame_blobs',
    'select url from deliveries',
    'select digest from api_keys',
    `insert into clients (id, name) values ('cli_x', 'x')`,
    'create table public.mine (a int)',
  ])('may not: %s', async (statement) => {
    await expect(reader.query(statement)).rejects.toThrow(/permission denied|read-only/);
  });
});

describe('runbooks', () => {
  const statements = runbooks.flatMap(({ file, text }) =>
    [...text.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, sql]) => ({ file, sql: sql as string })),
  );
  it('hold statements', () => expect(statements.length).toBeGreaterThan(6));
  it.each(statements)('$file: the statement runs', async ({ sql }) => {
    await database.db.query(sql);
  });
});

describe('what KEDA asks', async () => {
  const { reader, runSetup } = await readerOf('keda-reader.sql', 'keda_reader');
  const scaling = render('base')?.filter(({ kind }) => kind === 'ScaledObject') ?? [];
  const queries = scaling.flatMap(({ spec }) =>
    (spec.triggers as { type: string; metadata: { query: string } }[])
      .filter(({ type }) => type === 'postgresql')
      .map(({ metadata }) => metadata.query),
  );

  it.skipIf(scaling.length === 0)('is answered with what waits, under its own role', async () => {
    expect(queries).toHaveLength(2);
    const numbers = async () =>
      Promise.all(queries.map(async (query) => Number(Object.values((await reader.query(query)).rows[0])[0])));
    expect(await numbers()).toEqual([0, 0]);
    const check = await aCheck(database.db, { webhookUrl: 'https://example.com/hook' });
    await insertBatch(database.db, { checkId: check.id, attempt: 1, traceparent: null });
    await database.db.query('update checks set link_expires_at = now() where id = $1', [check.id]);
    const ending = { event: 'expire' } as const;
    await database.db.transaction((tx) =>
      finishCheck(tx, { checkId: check.id, ending, buildBody: () => Buffer.from('{}') }),
    );
    // A check that has ended wants nothing scored.
    expect(await numbers()).toEqual([0, 1]);
    const open = await aCheck(database.db);
    await insertBatch(database.db, { checkId: open.id, attempt: 1, traceparent: null });
    expect(await numbers()).toEqual([1, 1]);
    await runSetup();
    expect(await numbers()).toEqual([1, 1]);
    await expect(reader.query('select url from deliveries')).rejects.toThrow('permission denied');
  });
});
