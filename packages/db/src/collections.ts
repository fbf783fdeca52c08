/** A client's collections: names that a one-shot check may be filed under. */
import { newId } from '@livegate/domain/ids';
import type { Queryable } from './database.ts';

type Owner = { clientId: string; name: string };

/** Adds a collection and returns its id, or null when the client is unknown or has one of this name. */
export async function createCollection(db: Queryable, { clientId, name }: Owner): Promise<string | null> {
  const { rows } = await db.query(
    /* sql */ `insert into collections (id, client_id, name) select $1, id, $3 from clients where id = $2
               on conflict (client_id, name) do nothing returning id`,
    [newId('collection'), clientId, name],
  );
  return rows[0]?.id ?? null;
}

/** The client's collections by name. */
export async function listCollections(
  db: Queryable,
  clientId: string,
): Promise<{ collection: string; name: string }[]> {
  const { rows } = await db.query(
    /* sql */ `select id as collection, name from collections where client_id = $1 order by name`,
    [clientId],
  );
  return rows;
}
