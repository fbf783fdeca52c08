/** A database per test file, cloned from the migrated template; on teardown it must be free of connections. */
import { randomBytes } from 'node:crypto';
import { type Database, openDatabase } from '@livegate/db/database';
import { afterAll, inject } from 'vitest';
import { TEMPLATE_DATABASE } from './global-setup.ts';

export type TestDatabase = { url: string; db: Database };

/** Call at the top of a test file (or in a `describe`): dropped after its last test. */
export async function cloneDatabase(): Promise<TestDatabase> {
  const serverUrl = inject('postgresUrl');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(serverUrl, `create database ${name} template ${TEMPLATE_DATABASE}`);
  const url = new URL(serverUrl);
  url.pathname = name;
  const db = openDatabase({ url: url.href, applicationName: 'test', maxConnections: 5, onError: () => undefined });
  afterAll(async () => {
    await db.close();
    await onServer(serverUrl, `drop database ${name} with (force)`);
  });
  return { url: url.href, db };
}

async function onServer(url: string, statement: string): Promise<void> {
  const server = openDatabase({ url, applicationName: 'test-kit', maxConnections: 1, onError: () => undefined });
  await server.query(statement);
  await server.close();
}
