/** The key that `npm start` prints: made once, kept in `<data dir>/dev-key` (mode 0600), so that every start prints the same. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newApiKey, parseApiKey } from '@livegate/crypto/api-key';
import { addKeyToDefaultClient, createDefaultClient, findApiKey } from '@livegate/db/clients';
import type { Database } from '@livegate/db/database';
import { SettingsError } from '@livegate/service-kit/settings';

/** Returns a live key that this database knows: the given one, else the kept one, else a new one. A kept one that was revoked is replaced. */
export async function ensureDevelopmentKey(
  db: Database,
  { dataDir, given }: { dataDir: string; given: string | undefined },
): Promise<string> {
  const file = join(dataDir, 'dev-key');
  const text = given ?? (await keepKey(file));
  const key = parseApiKey(text);
  if (!key)
    throw new SettingsError(
      given
        ? 'LIVEGATE_API_KEY has a wrong checksum: it was mistyped.'
        : `${file} does not hold an API key; delete it to get a new one.`,
    );
  if (await createDefaultClient(db, key)) return text;
  const known = await findApiKey(db, key.keyId);
  if (!known) await addKeyToDefaultClient(db, key);
  if (!known || known.usable) return text;
  if (given) throw new SettingsError('LIVEGATE_API_KEY was revoked, has expired, or its client is disabled.');
  await rm(file);
  const fresh = await keepKey(file);
  const replacement = parseApiKey(fresh);
  if (replacement) await addKeyToDefaultClient(db, replacement);
  if (replacement && (await findApiKey(db, replacement.keyId))?.usable) return fresh;
  throw new SettingsError('The default client is disabled: no key of it works (`npm run admin -- client list`).');
}

/** The file's key. A new one is in the file before it is in force, and two starts at once agree on it. */
async function keepKey(file: string): Promise<string> {
  const kept = await readKey(file);
  if (kept) return kept;
  await writeFile(file, `${newApiKey('live')}\n`, { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return (await readKey(file)) ?? '';
}

async function readKey(file: string): Promise<string | null> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
