/**
 * Plain numbered SQL files, forward only, each in one transaction, under an advisory lock so that services that start
 * at once migrate once. After them the tables of transitions and of retention are made equal to the domain's,
 * and the grants of the services to theirs.
 */
import { readdir, readFile } from 'node:fs/promises';
import { CHECK_TRANSITIONS } from '@livegate/domain/check-state';
import { ARTEFACTS, RETENTION } from '@livegate/domain/retention';
import { type Database, type Queryable, withoutLimits } from './database.ts';
import { seedGrants } from './service-roles.ts';

const MIGRATIONS = new URL('../migrations/', import.meta.url);
// Spells LIVE; any constant does, as long as every Livegate process uses the same one.
const LOCK_KEY = 0x4c495645;

/** Brings the schema up to date and returns the names of the migrations it applied (none on most starts). */
export async function migrate(db: Database): Promise<string[]> {
  return db.transaction(async (limited) => {
    // Another service may be migrating for as long as it takes, and so may this one: no statement's usual limit holds here.
    const tx = await withoutLimits(limited);
    await tx.query('select pg_advisory_xact_lock($1)', [LOCK_KEY]);
    await tx.query(
      'create table if not exists schema_migrations (name text primary key, applied_at timestamptz not null default now())',
    );
    const { rows } = await tx.query('select name from schema_migrations');
    const applied = new Set(rows.map((row) => row.name as string));
    const pending = (await listMigrations()).filter((name) => !applied.has(name));
    for (const name of pending) {
      await tx.query(await readFile(new URL(name, MIGRATIONS), 'utf8'));
      await tx.query('insert into schema_migrations (name) values ($1)', [name]);
    }
    await seedTransitions(tx);
    await seedRetention(tx);
    await seedGrants(tx);
    return pending;
  });
}

/** The migrations that this database has, in order. */
export async function listAppliedMigrations(db: Queryable): Promise<{ migration: string; at: string }[]> {
  const { rows } = await db.query('select name, applied_at from schema_migrations order by name');
  return rows.map((row) => ({ migration: row.name, at: row.applied_at.toISOString() }));
}

/** The migrations of this build, in order. */
export async function listMigrations(): Promise<string[]> {
  return (await readdir(MIGRATIONS)).filter((name) => /^\d{4}_.*\.sql$/.test(name)).sort();
}

async function seedTransitions(tx: Queryable): Promise<void> {
  for (const { from, event, to } of CHECK_TRANSITIONS) {
    await tx.query(
      /* sql */ `insert into check_transitions (from_state, event, to_state) values ($1, $2, $3)
                 on conflict (from_state, event) do nothing`,
      [from, event, to],
    );
  }
}

async function seedRetention(tx: Queryable): Promise<void> {
  for (const artefact of ARTEFACTS) {
    await tx.query(
      /* sql */ `insert into retention_defaults as base (artefact, seconds, most) values ($1, $2, $3)
                 on conflict (artefact) do update set seconds = excluded.seconds, most = excluded.most
                  where (base.seconds, base.most) <> (excluded.seconds, excluded.most)`,
      [artefact, RETENTION[artefact].seconds, RETENTION[artefact].most],
    );
  }
}
