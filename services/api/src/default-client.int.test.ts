import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newApiKey, parseApiKey } from '@livegate/crypto/api-key';
import { createApiKey, revokeApiKey } from '@livegate/db/clients';
import { aClient } from '@livegate/test-kit/builders';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { afterAll, expect, it } from 'vitest';
import { refuseDevelopmentKey } from './default-client.ts';

const { db } = await cloneDatabase();
const dataDir = await mkdtemp(join(tmpdir(), 'livegate-dev-key-'));
afterAll(() => rm(dataDir, { recursive: true }));

it('production refuses a database that the development key still opens', async () => {
  await expect(refuseDevelopmentKey(db, dataDir)).resolves.toBeUndefined();
  const text = newApiKey('live');
  const key = parseApiKey(text) as NonNullable<ReturnType<typeof parseApiKey>>;
  await writeFile(join(dataDir, 'dev-key'), `${text}\n`);
  await expect(refuseDevelopmentKey(db, dataDir)).resolves.toBeUndefined();
  await createApiKey(db, { clientId: await aClient(db), ...key });
  await expect(refuseDevelopmentKey(db, dataDir)).rejects.toThrow(`key revoke ${key.keyId}`);
  await revokeApiKey(db, key.keyId);
  await expect(refuseDevelopmentKey(db, dataDir)).resolves.toBeUndefined();
});
