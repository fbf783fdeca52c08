/** The default client and its key: created at the first start from LIVEGATE_API_KEY; production never makes one up. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseApiKey } from '@livegate/crypto/api-key';
import { createDefaultClient, findApiKey, hasApiKeys } from '@livegate/db/clients';
import type { Database } from '@livegate/db/database';
import type { Secret } from '@livegate/service-kit/secret';
import { SettingsError } from '@livegate/service-kit/settings';
import type { Logger } from '@livegate/telemetry/logger';

/** Throws SettingsError when the database has no key yet and none, or one of the wrong form, is given. */
export async function ensureDefaultClient(
  db: Database,
  { apiKey, logger }: { apiKey: Secret | undefined; logger: Logger },
): Promise<void> {
  if (!apiKey) {
    if (await hasApiKeys(db)) return;
    throw new SettingsError('LIVEGATE_API_KEY is not set, and the database has no key yet: the first start needs one.');
  }
  const key = parseApiKey(apiKey.reveal());
  if (!key)
    throw new SettingsError(
      'LIVEGATE_API_KEY is not a key: lv_live_<12 letters or digits>_<43 base64url + 6 checksum>.',
    );
  if ((await createDefaultClient(db, key)) || (await findApiKey(db, key.keyId))) return;
  logger.warn('api_key_unknown', {
    why: 'LIVEGATE_API_KEY is for the first start; this database has other keys. See npm run admin.',
  });
}

/**
 * Throws SettingsError when the key that development prints and keeps in a file still opens this database: who moves a
 * trial into production moves its key along.
 */
export async function refuseDevelopmentKey(db: Database, dataDir: string): Promise<void> {
  const text = await readFile(join(dataDir, 'dev-key'), 'utf8').catch(() => '');
  const key = parseApiKey(text.trim());
  if (!key || !(await findApiKey(db, key.keyId))?.usable) return;
  throw new SettingsError(
    `The development key of ${join(dataDir, 'dev-key')} is still valid. Revoke it first: npm run admin -- key revoke ${key.keyId}`,
  );
}
