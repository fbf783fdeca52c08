import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalPostgres } from '@livegate/local-postgres/local-postgres';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { afterAll, describe, expect, it } from 'vitest';
import { openDatabase } from './database.ts';
import { migrate } from './migrate.ts';
import { assumeServiceRole, GRANTS, roleOf, SERVICES } from './service-roles.ts';

const { url, db } = await cloneDatabase();
const RIGHTS = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'];

async function tables(): Promise<string[]> {
  const { rows } = await db.query(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v')`,
  );
  return rows.map((row) => row.name);
}

describe('the grants', () => {
  it('name every table there is', async () => {
    expect((await tables()).filter((name) => !(name in GRANTS))).toEqual([]);
  });

  it('are what Postgres says that each service may do, right by right, and no more', async () => {
    for (const table of await tables()) {
      for (const service of SERVICES) {
        const { rows } = await db.query(
          'select right_name as name, has_table_privilege($1, $2, right_name) as has from unnest($3::text[]) as right_name',
          [roleOf(service), `public.${table}`, RIGHTS],
        );
        const granted = (GRANTS[table]?.[service] ?? '').toUpperCase().split(', ');
        for (const { name, has } of rows) {
          expect(has, `${service} may ${name} ${table}`).toBe(granted.includes(name));
        }
      }
    }
  });

  it.each([
    ['webhook-dispatcher', 'select sealed from frame_blobs'],
    ['webhook-dispatcher', 'select digest from api_keys'],
    ['webhook-dispatcher', `update checks set passed = true`],
    ['inference-worker', 'select digest from api_keys'],
    ['inference-worker', 'delete from checks'],
    [
      'lifecycle',
      `insert into api_keys (id, client_id, mode, digest) select 'AAAAAAAAAAAA', id, 'live', '' from clients`,
    ],
    ['lifecycle', 'insert into frame_blobs select * from frame_blobs'],
    ['api', `insert into clients (id, name) values ('cli_x', 'x')`],
    ['api', 'update api_keys set revoked_at = null'],
    ['api', `insert into retention_policies values ('cli_x', 'probe', 0)`],
    ['api', 'delete from audit_log'],
    ['api', 'delete from legal_holds'],
    ['api', 'create table mine (a int)'],
    ['api', 'alter table checks disable trigger all'],
    ['lifecycle', 'truncate audit_seals'],
    ['api', 'select password_hash from operators'],
    ['api', 'select digest from operator_sessions'],
    ['console', `update operators set role = 'admin'`],
    ['console', 'select sealed from frame_blobs'],
    ['console', 'update api_keys set revoked_at = null, digest = null'],
    ['console', 'update checks set passed = true'],
    ['console', 'delete from audit_log'],
  ] as const)('keep %s from: %s', async (service, statement) => {
    const own = openDatabase({ url, applicationName: 'test', maxConnections: 2, onError: () => undefined });
    try {
      expect(await assumeServiceRole(own, service)).toBe(true);
      await expect(own.query(statement)).rejects.toThrow(/permission denied|must be owner/);
      await expect(own.transaction((tx) => tx.query(statement))).rejects.toThrow(/permission denied|must be owner/);
    } finally {
      await own.close();
    }
  });

  it('are given up by no connection: one that was open before is not used again', async () => {
    const own = openDatabase({ url, applicationName: 'test', maxConnections: 3, onError: () => undefined });
    afterAll(own.close);
    await Promise.all([1, 2, 3].map(() => own.query('select pg_sleep(0.05)')));
    await assumeServiceRole(own, 'api');
    const roles = await Promise.all([1, 2, 3, 4].map(() => own.query('select current_user as role, pg_sleep(0.05)')));
    expect(new Set(roles.map(({ rows }) => rows[0].role))).toEqual(new Set([roleOf('api')]));
  });
});

// A managed Postgres gives its master no more. In a cluster of its own, because roles belong to clusters.
it('are made and taken on by a login that may make roles and is no superuser', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'livegate-master-'));
  const cluster = await startLocalPostgres({ dataDir, flags: ['-c', 'fsync=off'] });
  const root = openDatabase({ url: cluster.url, applicationName: 'test', onError: () => undefined });
  await root.query(`create role master login createrole password 'master'`);
  await root.query('create database managed owner master');
  const at = new URL(cluster.url);
  at.username = at.password = 'master';
  at.pathname = '/managed';
  const master = openDatabase({ url: at.href, applicationName: 'test', maxConnections: 1, onError: () => undefined });
  try {
    await migrate(master);
    expect(await assumeServiceRole(master, 'lifecycle')).toBe(true);
    expect((await master.query('select current_user as me')).rows).toEqual([{ me: roleOf('lifecycle') }]);
    await expect(master.query('select digest from api_keys')).rejects.toThrow('permission denied');
  } finally {
    await master.close();
    await root.close();
    await cluster.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}, 60_000);
