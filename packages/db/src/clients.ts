/** Clients (integrators, tenants) and their API keys. A key is stored as its SHA-256 digest only. */
import { newId } from '@livegate/domain/ids';
import type { Database, Queryable } from './database.ts';

export type ApiKeyRow = { keyId: string; clientId: string; digest: Buffer; mode: 'live' | 'test'; usable: boolean };

/** The key with this id, or null. `usable` is false when it expired, was revoked or its client is disabled. */
export async function findApiKey(db: Queryable, keyId: string): Promise<ApiKeyRow | null> {
  const { rows } = await db.query(
    /* sql */ `select key.id, key.client_id, key.digest, key.mode,
                      key.revoked_at is null and coalesce(key.expires_at > now(), true) and client.disabled_at is null as usable
                 from api_keys key join clients client on client.id = key.client_id
                where key.id = $1`,
    [keyId],
  );
  const row = rows[0];
  return row && { keyId: row.id, clientId: row.client_id, digest: row.digest, mode: row.mode, usable: row.usable };
}

/** Notes that a key was used; at most once a minute per key, so that reading an API costs no write. */
export async function touchApiKey(db: Queryable, keyId: string): Promise<void> {
  await db.query(
    /* sql */ `update api_keys set last_used_at = now()
                where id = $1 and coalesce(last_used_at < now() - interval '1 minute', true)`,
    [keyId],
  );
}

type NewKey = { keyId: string; digest: Buffer; mode: 'live' | 'test' };

/**
 * Gives a database without any key its default client with `key`. Returns whether it did: false when keys exist,
 * whichever process made them.
 */
export async function createDefaultClient(db: Database, key: NewKey): Promise<boolean> {
  return db.transaction(async (tx) => {
    await tx.query(
      /* sql */ `insert into clients (id, name) values ($1, 'default') on conflict (name) where name = 'default' do nothing`,
      [newId('client')],
    );
    const { rows } = await tx.query(/* sql */ `select id from clients where name = 'default' for update`);
    const { rowCount } = await tx.query('select from api_keys limit 1');
    if (rowCount) return false;
    await tx.query(/* sql */ `insert into api_keys (id, client_id, mode, digest) values ($1, $2, $3, $4)`, [
      key.keyId,
      rows[0].id,
      key.mode,
      key.digest,
    ]);
    return true;
  });
}

/** Whether any API key exists: a first start has none. */
export async function hasApiKeys(db: Queryable): Promise<boolean> {
  const { rowCount } = await db.query('select from api_keys limit 1');
  return rowCount === 1;
}

/** Gives the default client one more key (development: the file that kept the first was lost). */
export async function addKeyToDefaultClient(db: Queryable, key: NewKey): Promise<void> {
  await db.query(
    /* sql */ `insert into api_keys (id, client_id, mode, digest) select $1, id, $2, $3 from clients where name = 'default'`,
    [key.keyId, key.mode, key.digest],
  );
}

export type NewClient = { name: string };

/** Adds a client and returns its id. */
export async function createClient(db: Queryable, { name }: NewClient): Promise<string> {
  const id = newId('client');
  await db.query(/* sql */ `insert into clients (id, name) values ($1, $2)`, [id, name]);
  return id;
}

/** Adds a key to a client. */
export async function createApiKey(db: Queryable, { clientId, ...key }: NewKey & { clientId: string }): Promise<void> {
  await db.query(/* sql */ `insert into api_keys (id, client_id, mode, digest) values ($1, $2, $3, $4)`, [
    key.keyId,
    clientId,
    key.mode,
    key.digest,
  ]);
}
