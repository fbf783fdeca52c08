/** Clients (integrators, tenants) and their API keys. A key is stored as its SHA-256 digest only. */
import { newId } from '@livegate/domain/ids';
import type { ClientLimits } from '@livegate/domain/limits';
import type { Database, Queryable } from './database.ts';

export type ApiKeyRow = {
  keyId: string;
  clientId: string;
  digest: Buffer;
  mode: 'live' | 'test';
  usable: boolean;
  /** Noted as used within the last minute. */
  usedLately: boolean;
  limits: ClientLimits;
  /** The database's time of the answer. */
  now: Date;
};

/** The key with this id, or null. `usable` is false when it expired, was revoked or its client is disabled. */
export async function findApiKey(db: Queryable, keyId: string): Promise<ApiKeyRow | null> {
  const { rows } = await db.query(
    /* sql */ `select key_id as "keyId", client_id as "clientId", digest, mode, usable, used_lately as "usedLately", now(),
                      json_build_object('requestsPerMinute', requests_per_minute,
                                        'checksPerMonth', checks_per_month, 'openChecks', open_checks) as limits
                 from caller_of_key($1)`,
    [keyId],
  );
  return rows[0] ?? null;
}

/** Notes that a key was used, unless it was within the last minute. */
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

/** Adds a client and returns its id. */
export async function createClient(db: Queryable, { name }: { name: string }): Promise<string> {
  const id = newId('client');
  await db.query(/* sql */ `insert into clients (id, name) values ($1, $2)`, [id, name]);
  return id;
}

/** Adds a key to a client, valid for a number of days or for ever; false when there is no such client. */
export async function createApiKey(
  db: Queryable,
  { clientId, expiresInDays = null, ...key }: NewKey & { clientId: string; expiresInDays?: number | null },
): Promise<boolean> {
  const { rowCount } = await db.query(
    /* sql */ `insert into api_keys (id, client_id, mode, digest, expires_at)
               select $1, id, $3, $4, now() + make_interval(days => $5) from clients where id = $2`,
    [key.keyId, clientId, key.mode, key.digest, expiresInDays],
  );
  return rowCount === 1;
}

/** Of one mode: rotation needs the old and the new one; a third is a key that nobody remembers. */
export const MAX_USABLE_KEYS = 2;

/** How many keys of one mode a client could use now. */
export async function countUsableKeys(
  db: Queryable,
  { clientId, mode }: { clientId: string; mode: NewKey['mode'] },
): Promise<number> {
  const { rows } = await db.query(
    /* sql */ `select count(*)::int as usable from api_keys
                where client_id = $1 and mode = $2 and revoked_at is null and coalesce(expires_at > now(), true)`,
    [clientId, mode],
  );
  return rows[0].usable;
}

export type ListedKey = { key: string; mode: string; state: string; created: string; lastUsed: string | null };

/** A client's keys, newest first; never more of a key than its id. */
export async function listApiKeys(db: Queryable, clientId: string): Promise<ListedKey[]> {
  const { rows } = await db.query(
    /* sql */ `select id as key, mode, created_at::text as created, last_used_at::text as "lastUsed",
                      case when revoked_at is not null then 'revoked' when expires_at <= now() then 'expired' else 'usable' end as state
                 from api_keys where client_id = $1 order by created_at desc`,
    [clientId],
  );
  return rows;
}

/** Revokes a key; false when there is none that is not revoked. */
export async function revokeApiKey(db: Queryable, keyId: string): Promise<boolean> {
  const { rowCount } = await db.query(
    /* sql */ `update api_keys set revoked_at = now() where id = $1 and revoked_at is null`,
    [keyId],
  );
  return rowCount === 1;
}

export type ListedClient = { client: string; name: string; state: string; created: string };

/** All clients, oldest first. */
export async function listClients(db: Queryable): Promise<ListedClient[]> {
  const { rows } = await db.query(
    /* sql */ `select id as client, name, created_at::text as created,
                      case when disabled_at is null then 'enabled' else 'disabled' end as state
                 from clients order by created_at`,
  );
  return rows;
}

/** Disables a client: none of its keys works from now on. False when there is none that is enabled. */
export async function disableClient(db: Queryable, clientId: string): Promise<boolean> {
  const { rowCount } = await db.query(
    /* sql */ `update clients set disabled_at = now() where id = $1 and disabled_at is null`,
    [clientId],
  );
  return rowCount === 1;
}
