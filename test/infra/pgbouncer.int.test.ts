import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openDatabase, ping } from '@livegate/db/database';
import { captureClient } from '@livegate/test-kit/capture-client';
import { eventually } from '@livegate/test-kit/eventually';
import { genuineFace } from '@livegate/test-kit/faces';
import { freePort } from '@livegate/test-kit/global-setup';
import { integrator } from '@livegate/test-kit/integrator';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { repositoryRoot } from '@livegate/test-kit/shared-files';
import { startStack } from '@livegate/test-kit/stack';
import { startWebhookReceiver } from '@livegate/test-kit/webhook-receiver';
import { afterAll, describe, expect, inject, it } from 'vitest';

const isInstalled = await promisify(execFile)('pgbouncer', ['--version']).then(
  () => true,
  () => false,
);
if (!isInstalled)
  process.stderr.write('\n*** SKIPPED: no pgbouncer (Debian: pgbouncer): it was not put between ***\n\n');
const redisUrl = inject('redisUrl');

/** PgBouncer with the file of this repository, in front of a database of its own; the places are changed. */
async function startPgBouncer(): Promise<string> {
  const database = await cloneDatabase();
  const target = new URL(database.url);
  const port = await freePort();
  const directory = await mkdtemp(join(tmpdir(), 'livegate-bouncer-'));
  const config = (await readFile(join(repositoryRoot, 'infra/postgres/pgbouncer.ini'), 'utf8'))
    .replace(
      /^livegate = .*/m,
      `livegate = host=${target.hostname} port=${target.port} dbname=${target.pathname.slice(1)} user=${target.username} password=${target.password}`,
    )
    .replace('listen_addr = 0.0.0.0', 'listen_addr = 127.0.0.1\nunix_socket_dir =')
    .replace('listen_port = 6432', `listen_port = ${port}`)
    .replace(/^auth_type.*\nauth_file.*/m, 'auth_type = any');
  await writeFile(join(directory, 'pgbouncer.ini'), config);
  await chmod(directory, 0o755);
  // It refuses to run as root.
  const asOther = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
  const [program = '', ...args] = [...asOther, 'pgbouncer', join(directory, 'pgbouncer.ini')];
  const bouncer = spawn(program, args, { stdio: 'ignore', cwd: '/' });
  const gone = once(bouncer, 'exit');
  afterAll(async () => {
    // At once: a polite end would wait for connections.
    bouncer.kill('SIGTERM');
    await gone;
    await rm(directory, { recursive: true });
  });
  const url = `postgres://livegate@127.0.0.1:${port}/livegate`;
  const db = openDatabase({ url, applicationName: 'test', maxConnections: 1, onError: () => undefined });
  await eventually(() => ping(db), { withinMs: 30_000 });
  await db.close();
  return url;
}

describe.skipIf(!isInstalled || !redisUrl)('PgBouncer in session mode', async () => {
  if (!isInstalled || !redisUrl) return;
  const url = await startPgBouncer();
  const receiver = await startWebhookReceiver();
  afterAll(() => receiver.close());
  const stack = await startStack({ env: { DATABASE_URL: url }, redisUrl });

  it('lets a check and its webhook through', async () => {
    const backend = integrator(stack);
    const check = await backend.create({ threshold: 50, webhook_url: receiver.url });
    await captureClient(check.url).submit(await genuineFace());
    expect((await backend.untilDone(check.token)).body).toMatchObject({ status: 'complete' });
    await eventually(() => receiver.received.length > 0);
  });
});
