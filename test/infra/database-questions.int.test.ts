import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatabase } from '@livegate/db/database';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { repositoryRoot } from '@livegate/test-kit/shared-files';
import { afterAll, describe, expect, it } from 'vitest';
import { render } from './kubernetes-manifests.ts';
import { dashboardTargets, runbooks } from './queries.ts';

const database = await cloneDatabase();
const setup = await readFile(join(repositoryRoot, 'infra', 'postgres', 'grafana-reader.sql'), 'utf8');
const runSetup = () => database.db.query(setup.replace(":'reader_password'", `'secret'`));

describe('the role that dashboards read with', async () => {
  await runSetup();
  const url = new URL(database.url);
  url.username = 'grafana_reader';
  url.password = 'secret';
  const reader = openDatabase({ url: url.href, applicationName: 'test', maxConnections: 1, onError: () => undefined });
  afterAll(() => reader.close());

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

describe('what KEDA asks', () => {
  const scaling = render('base')?.filter(({ kind }) => kind === 'ScaledObject') ?? [];
  const queries = scaling.flatMap(({ spec }) =>
    (spec.triggers as { type: string; metadata: { query: string } }[])
      .filter(({ type }) => type === 'postgresql')
      .map(({ metadata }) => ({ query: metadata.query })),
  );
  it.skipIf(scaling.length === 0)('is asked of Postgres at least twice', () => expect(queries).toHaveLength(2));
  it.each(queries)('is one number on an empty database: $query', async ({ query }) => {
    const { rows } = await database.db.query(query);
    expect(rows.map((row) => Object.values(row).map(Number))).toEqual([[0]]);
  });
});
