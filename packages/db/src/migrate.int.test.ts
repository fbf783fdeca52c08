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
  expect(applied.flat()).toEqual(await listMigrations());
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

it('says in the first line of every migration why it is and whether it is safe beside the old code', async () => {
  const { readFile } = await import('node:fs/promises');
  for (const file of await listMigrations()) {
    const [first] = (await readFile(new URL(`../migrations/${file}`, import.meta.url), 'utf8')).split('\n');
    expect(first).toMatch(/^-- Why: .+ Safe beside the old code: .+/);
  }
});
