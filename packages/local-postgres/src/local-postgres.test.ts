import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ensureCluster } from './internal/cluster.ts';
import { findFooting } from './internal/privilege-ladder.ts';
import { type LocalPostgres, startLocalPostgres } from './local-postgres.ts';

const dirs: string[] = [];
const servers: LocalPostgres[] = [];
const owners: ChildProcess[] = [];

afterEach(async () => {
  for (const owner of owners.splice(0)) owner.kill('SIGKILL');
  for (const server of servers.splice(0)) await server.stop();
  for (const dir of dirs.splice(0)) await rm(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

async function aDirectory(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'livegate-pg-test-'));
  dirs.push(dir);
  return join(dir, 'data');
}

async function start(dataDir: string): Promise<LocalPostgres> {
  const server = await startLocalPostgres({ dataDir, flags: ['-c', 'fsync=off'] });
  servers.push(server);
  return server;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

function isAlive(pid: number): boolean {
  // A signalled process may stay a zombie for a moment where nobody waits for it: that is dead too.
  if (!existsSync(`/proc/${pid}`)) return process.platform !== 'linux' && process.kill(pid, 0);
  return true;
}

/** Another Node process that starts the server and then only waits. */
async function anOwner(dataDir: string): Promise<{ process: ChildProcess; url: string; pid: number }> {
  const source = fileURLToPath(new URL('./local-postgres.ts', import.meta.url));
  const script = `
    import { runnerImport } from 'vite';
    const { module } = await runnerImport(${JSON.stringify(source)}, { configFile: false, logLevel: 'error' });
    const { url, pid } = await module.startLocalPostgres({ dataDir: ${JSON.stringify(dataDir)} });
    process.stdout.write(JSON.stringify({ url, pid }) + '\\n');`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  owners.push(owner);
  const [line] = await once(owner.stdout, 'data');
  return { process: owner, ...JSON.parse(String(line)) };
}

async function gone(pid: number): Promise<void> {
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 10_000, interval: 20 });
}

describe('a local Postgres', () => {
  test('starts, keeps its rows over a stop, and leaves no process behind', async () => {
    const dataDir = await aDirectory();
    const first = await start(dataDir);
    expect(first.joined).toBe(false);
    await query(first.url, 'create table kept as select 42 as answer');
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);
    const second = await start(dataDir);
    expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
  });

  test('dies with the process that started it, and the next start finds every committed row', async () => {
    const dataDir = await aDirectory();
    const owner = await anOwner(dataDir);
    await query(owner.url, 'create table kept as select generate_series(1, 1000) as n');
    expect(isAlive(owner.pid)).toBe(true);
    owner.process.kill('SIGKILL');
    // At once, while the old server may still be on its way down.
    const next = await start(dataDir);
    expect(next.joined).toBe(false);
    expect(next.pid).not.toBe(owner.pid);
    await gone(owner.pid);
    expect(await query(next.url, 'select count(*)::int as n from kept')).toEqual([{ n: 1000 }]);
  });

  test('is joined by a second start, whose stop leaves it running', async () => {
    const dataDir = await aDirectory();
    const owner = await anOwner(dataDir);
    const joiner = await start(dataDir);
    expect(joiner).toMatchObject({ joined: true, pid: owner.pid, url: owner.url });
    await joiner.stop();
    expect(await query(owner.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    owner.process.kill('SIGKILL');
    await gone(owner.pid);
  });

  test.skipIf(process.getuid?.() !== 0)('keeps its files while it runs, whoever looks for it', async () => {
    const dataDir = await aDirectory();
    await start(dataDir);
    const footing = findFooting(dataDir);
    const { directory } = await ensureCluster({ ...footing, owner: 4711 });
    expect((await stat(directory)).uid).not.toBe(4711);
  });

  test('is one server for starts that race on an empty directory', async () => {
    const dataDir = await aDirectory();
    const started = await Promise.all([start(dataDir), start(dataDir), start(dataDir)]);
    expect(new Set(started.map((server) => server.pid)).size).toBe(1);
    expect(started.filter((server) => !server.joined)).toHaveLength(1);
    expect(await readdir(dataDir)).toEqual(['server']);
  });

  test('recovers after the server itself is killed', async () => {
    const dataDir = await aDirectory();
    const first = await start(dataDir);
    await query(first.url, 'create table kept as select 1 as one');
    process.kill(first.pid, 'SIGKILL');
    const second = await start(dataDir);
    expect(await query(second.url, 'select one from kept')).toEqual([{ one: 1 }]);
  });

  test('starts although the pid in the lock file now belongs to another program', async () => {
    const dataDir = await aDirectory();
    const first = await start(dataDir);
    const lockFile = join(dataDir, 'server', 'cluster', 'postmaster.pid');
    const lock = await readFile(lockFile, 'utf8');
    await first.stop();
    const { uid } = await stat(join(dataDir, 'server', 'cluster', 'PG_VERSION'));
    // A stranger that runs as the server's own user: Postgres on its own refuses to start here.
    const stranger = spawn('sleep', ['60'], process.getuid?.() === 0 ? { uid, gid: uid } : {});
    owners.push(stranger);
    await once(stranger, 'spawn');
    await writeFile(lockFile, lock.replace(/^\d+/, String(stranger.pid)));
    const second = await start(dataDir);
    expect(second.joined).toBe(false);
    expect(await query(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('ignores a draft that an interrupted initdb left', async () => {
    const dataDir = await aDirectory();
    await mkdir(join(dataDir, 'draft-000000000000', 'cluster'), { recursive: true });
    await writeFile(join(dataDir, 'draft-000000000000', 'cluster', 'PG_VERSION'), '18\n');
    const server = await start(dataDir);
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('clears away a draft that a killed initdb left, also when there is a cluster by now', async () => {
    const dataDir = await aDirectory();
    await (await start(dataDir)).stop();
    const [old, fresh] = [join(dataDir, 'draft-000000000000'), join(dataDir, 'draft-111111111111')];
    await mkdir(old);
    await mkdir(fresh);
    const anHourAgo = Date.now() / 1_000 - 3_600;
    await utimes(old, anHourAgo, anHourAgo);
    await (await start(dataDir)).stop();
    const left = await readdir(dataDir);
    expect(left).not.toContain('draft-000000000000');
    // Another process may be at work in this one.
    expect(left).toContain('draft-111111111111');
  });

  test('lets nobody in without the password, which only this user can read', async () => {
    const dataDir = await aDirectory();
    const { url } = await start(dataDir);
    const stranger = new URL(url);
    stranger.password = 'guess';
    await expect(query(stranger.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
    const { mode, uid } = await stat(join(dataDir, 'server', 'password'));
    expect(mode & 0o777).toBe(0o600);
    expect(uid).toBe(process.getuid?.());
  });

  test('passes flags on', async () => {
    const { url } = await start(await aDirectory());
    expect(await query(url, 'show fsync')).toEqual([{ fsync: 'off' }]);
    expect(await query(url, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
  });
});
