/** The key that `npm start` prints: made once, kept in `<data dir>/dev-key` (mode 0600), so that every start prints the same. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newApiKey, parseApiKey } from '@livegate/crypto/api-key';
import { addKeyToDefaultClient, createDefaultClient, findApiKey } from '@livegate/db/clients';
import type { Database } from '@livegate/db/database';

/** Returns a live key that this database knows. A file from another database's life is given to this one. */
export async function ensureDevelopmentKey(db: Database, dataDir: string): Promise<string> {
  const file = join(dataDir, 'dev-key');
  const text = (await readKey(file)) ?? newApiKey('live');
  const key = parseApiKey(text);
  if (!key) throw new Error(`${file} does not hold an API key; delete it to get a new one`);
  // Kept before it is in force: a start that dies in between must not leave a key that nobody has.
  await writeFile(file, `${text}\n`, { mode: 0o600 });
  if (!(await createDefaultClient(db, key)) && !(await findApiKey(db, key.keyId))) await addKeyToDefaultClient(db, key);
  return text;
}

async function readKey(file: string): Promise<string | null> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
