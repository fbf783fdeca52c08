import { randomBytes } from 'node:crypto';
import { eventually } from '@livegate/test-kit/eventually';
import { afterAll, expect, inject, it } from 'vitest';
import { openDatabase } from './database.ts';
import { listMigrations, migrate } from './migrate.ts';

const name = `test_${randomBytes(6).toString('hex')}`;
const serverUrl = inject('postgresUrl');
const open = (url: string) =>
  openDatabase({ url, applicationName: 'test', maxConnections: 1, onError: () => undefined });
const server = open(serverUrl);
await server.query(`create database ${name}`);
const url = new URL(serverUrl);
url.pathname = name;
afterAll(async () => {
  await server.query(`drop database ${name} with (force)`);
  await server.close();
});

it('applies each migration once, however many services start at the same time', async () => {
  const services = Array.from({ length: 4 }, () => open(url.href));
  const applied = await Promise.all(services.map((db) => migrate(db)));
  expect(applied.flat().sort()).toEqual(await listMigrations());
  expect(await migrate(services[0] as (typeof services)[0])).toEqual([]);
  await Promise.all(services.map((db) => db.close()));
});

it('waits for another service’s migration for as long as it takes', async () => {
  const [holder, waiter] = [
    open(url.href),
    openDatabase({
      url: url.href,
      applicationName: 'waiter',
      maxConnections: 1,
      statementTimeoutMs: 200,
      onError: () => undefined,
    }),
  ];
  const waiting = async () =>
    (
      await server.query(
        `select from pg_stat_activity where application_name = 'waiter' and wait_event = 'advisory' and now() - query_start > interval '500 milliseconds'`,
      )
    ).rowCount === 1;
  const migrated = await holder.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1)', [0x4c495645]);
    const other = migrate(waiter).then(
      (applied) => applied,
      (error: Error) => error.message,
    );
    await eventually(waiting);
    return { other };
  });
  expect(await migrated.other).toEqual([]);
  await Promise.all([holder.close(), waiter.close()]);
});

it('begins a file again that could not have its table, and holds nobody up meanwhile', async () => {
  const [holder, waiter] = [open(url.href), open(url.href)];
  await holder.query(`delete from schema_migrations where name = '0031_step_events.sql'`);
  await holder.query(`drop index events_one_of_each_step`);
  await holder.query(`alter table checks drop column steps_told`);
  const waiting = async () => {
    const { rows } = await server.query(
      `select count(*)::int as waiting from pg_locks join pg_database on pg_database.oid = database
        where datname = $1 and not granted and mode = 'AccessExclusiveLock'`,
      [name],
    );
    return rows[0].waiting;
  };
  const applied = await holder.transaction(async (tx) => {
    await tx.query('lock table checks in row exclusive mode');
    const other = migrate(waiter);
    // Longer than it waits for a table: by then it has let go and begun again.
    await eventually(async () => expect(await waiting()).toBe(1));
    await eventually(async () => expect(await waiting()).toBe(0));
    return { other };
  });
  expect(await applied.other).toEqual(['0031_step_events.sql']);
  await Promise.all([holder.close(), waiter.close()]);
});

it('leaves the grants alone where a newer build has been', async () => {
  const db = open(url.href);
  await db.query(`insert into schema_migrations (name) values ('9999_of_tomorrow.sql')`);
  await db.query(`update applied_grants set wanted = 'of tomorrow' where wanted not like 'rows %'`);
  const applied = async () => (await db.query(`select wanted from applied_grants where wanted not like 'rows %'`)).rows;
  await migrate(db);
  expect(await applied()).toEqual([{ wanted: 'of tomorrow' }]);
  await db.query(`delete from schema_migrations where name = '9999_of_tomorrow.sql'`);
  await migrate(db);
  expect(await applied()).not.toEqual([{ wanted: 'of tomorrow' }]);
  await db.close();
});

it('says in the first line of every migration why it is and whether it is safe beside the old code', async () => {
  const { readFile } = await import('node:fs/promises');
  for (const file of await listMigrations()) {
    const [first] = (await readFile(new URL(`../migrations/${file}`, import.meta.url), 'utf8')).split('\n');
    expect(first).toMatch(/^-- Why: .+ Safe beside the old code: .+/);
  }
});
