/** Which key directory this database belongs to. */
import type { Queryable } from './database.ts';

/** As `@livegate/crypto/key-ring` asks for it. */
export function keyDirectoryRecord(db: Queryable) {
  return { find: () => findIdentity(db), remember: (identity: string) => rememberIdentity(db, identity) };
}

/** Has the next process that starts take the key directory that it finds. For the administration alone. */
export async function forgetKeyDirectory(db: Queryable): Promise<void> {
  await db.query(/* sql */ `delete from key_directory`);
}

async function findIdentity(db: Queryable): Promise<string | null> {
  const { rows } = await db.query(/* sql */ `select identity from key_directory`);
  return rows[0]?.identity ?? null;
}

/** The identity that stands: another process may have been first. */
async function rememberIdentity(db: Queryable, identity: string): Promise<string> {
  await db.query(/* sql */ `insert into key_directory (identity) values ($1) on conflict do nothing`, [identity]);
  return (await findIdentity(db)) as string;
}
