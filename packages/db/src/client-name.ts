/** What people are told about who asks for a check. */
import type { Queryable } from './database.ts';

// The client of the first start has this name until somebody gives it one: it says nothing to a person.
const UNNAMED = 'default';

/** The client's name for people, or null where it has none. */
export async function findClientName(db: Queryable, clientId: string): Promise<string | null> {
  const { rows } = await db.query(/* sql */ `select name from clients where id = $1`, [clientId]);
  const name = rows[0]?.name as string | undefined;
  return name && name !== UNNAMED ? name : null;
}
