/** A migration while everything serves: what expand and contract do to the tables that every request uses. */
import type { Cluster } from './cluster.ts';
import type { Heal } from './fault.ts';

const TABLES = ['clients', 'checks', 'frame_batches', 'frames', 'events', 'deliveries'] as const;
const COLUMN = 'of_a_later_version';

/**
 * Expand: a column with a default, and an index, on every hot table; contract: both go again. Services that run know of
 * neither, and hold statements that were prepared for the table as it was.
 */
export async function changeSchema(cluster: Cluster): Promise<Heal> {
  for (const table of TABLES) {
    await patiently(cluster, `alter table ${table} add column if not exists ${COLUMN} integer not null default 1`);
    await patiently(cluster, `create index if not exists ${table}_${COLUMN} on ${table} (${COLUMN})`);
  }
  return () => restoreSchema(cluster);
}

export async function restoreSchema(cluster: Cluster): Promise<void> {
  for (const table of TABLES) await patiently(cluster, `alter table ${table} drop column if exists ${COLUMN}`);
}

// As a careful operator migrates: who cannot have the lock at once must not keep everyone else waiting behind it.
const LOCK_TIMEOUT = '500ms';
const ATTEMPTS = 20;

async function patiently(cluster: Cluster, statement: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await cluster.db().transaction(async (tx) => {
        await tx.query(`select set_config('lock_timeout', $1, true)`, [LOCK_TIMEOUT]);
        await tx.query(statement);
      });
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}
