/**
 * Plain numbered SQL files, forward only, each in a transaction of its own, under an advisory lock so that services that start
 * at once migrate once. After them the tables of transitions and of retention are made equal to the domain's,
 * and the grants of the services to theirs.
 */
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { CHECK_TRANSITIONS } from '@livegate/domain/check-state';
import { ARTEFACTS, RETENTION } from '@livegate/domain/retention';
import { type Database, type Queryable, withoutLimits } from './database.ts';
import { seedGrants } from './service-roles.ts';

const MIGRATIONS = new URL('../migrations/', import.meta.url);
// Spells LIVE; any constant does, as long as every Livegate process uses the same one.
const LOCK_KEY = 0x4c495645;

// A migration beside services that run waits no longer than this for a table: whoever asks for it meanwhile waits behind it.
const TABLE_PATIENCE = '3s';
const TRIES = 20;
const PAUSE_MS = 500;
const LOCK_NOT_TO_BE_HAD = new Set(['55P03', '40P01']);

/** Brings the schema up to date and returns the names of the migrations it applied (none on most starts). */
export async function migrate(db: Database): Promise<string[]> {
  const known = await listMigrations();
  const applied = await alone(db, listNames);
  const done: string[] = [];
  try {
    for (const name of known.filter((one) => !applied.has(one))) if (await apply(db, name)) done.push(name);
  } catch (error) {
    // What those before it have made is in use from now on, and is granted to who needs it.
    await seed(db, known).catch(() => undefined);
    throw error;
  }
  await seed(db, known);
  return done;
}

function seed(db: Database, known: readonly string[]): Promise<void> {
  return alone(db, async (tx) => {
    await seedTransitions(tx);
    await seedRetention(tx);
    // Who is older than the schema knows too little of what the services need.
    if ([...(await listNames(tx))].every((name) => known.includes(name))) await seedGrants(tx);
  });
}

/** Runs one file, unless another process has done so meanwhile. What it waits for may wait for it in turn: then it begins again. */
async function apply(db: Database, name: string): Promise<boolean> {
  const sql = await readFile(new URL(name, MIGRATIONS), 'utf8');
  for (let tries = 1; ; tries += 1) {
    try {
      return await alone(db, async (tx) => {
        if ((await listNames(tx)).has(name)) return false;
        await tx.query(`set local lock_timeout = '${TABLE_PATIENCE}'`);
        await tx.query(sql);
        await tx.query('insert into schema_migrations (name) values ($1)', [name]);
        return true;
      });
    } catch (error) {
      if (tries === TRIES || !LOCK_NOT_TO_BE_HAD.has(String((error as { code?: unknown }).code))) throw error;
      await pause(PAUSE_MS);
    }
  }
}

/** One transaction, while no other process migrates. That may take as long as it takes: no statement's usual limit holds. */
function alone<T>(db: Database, work: (tx: Queryable) => Promise<T>): Promise<T> {
  return db.transaction(async (limited) => {
    const tx = await withoutLimits(limited);
    await tx.query('select pg_advisory_xact_lock($1)', [LOCK_KEY]);
    return work(tx);
  });
}

async function listNames(tx: Queryable): Promise<Set<string>> {
  await tx.query(
    'create table if not exists schema_migrations (name text primary key, applied_at timestamptz not null default now())',
  );
  const { rows } = await tx.query('select name from schema_migrations');
  return new Set(rows.map((row) => row.name as string));
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
