/** Debian's Postgres, whose dump and restore are of one version with its server; null, said loudly, where it is not installed. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '@livegate/test-kit/eventually';
import { freePort } from '@livegate/test-kit/global-setup';

const run = promisify(execFile);
const ROOT = '/usr/lib/postgresql';

export type DebianPostgres = { url(database: string): string; bin(program: string): string; stop(): Promise<void> };

export async function startDebianPostgres(): Promise<DebianPostgres | null> {
  const version = existsSync(ROOT) ? readdirSync(ROOT).sort().at(-1) : undefined;
  const bin = (program: string) => join(ROOT, version ?? '', 'bin', program);
  if (!['initdb', 'postgres', 'pg_dump', 'pg_restore'].every((program) => existsSync(bin(program)))) {
    process.stderr.write('\n*** SKIPPED: no Debian Postgres (postgresql): backup and restore were not tested ***\n\n');
    return null;
  }
  const directory = await mkdtemp(join(tmpdir(), 'livegate-pg-'));
  // Postgres refuses to run as root.
  const asOther = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
  if (asOther.length > 0) await run('chown', ['65534:65534', directory]);
  await chmod(directory, 0o700);
  const data = join(directory, 'data');
  const as = (program: string, args: string[]): [string, string[]] => {
    const [first = '', ...rest] = [...asOther, bin(program), ...args];
    return [first, rest];
  };
  await run(...as('initdb', ['-D', data, '-U', 'postgres', '--auth=trust', '-E', 'UTF8', '--no-sync']), { cwd: '/' });
  const port = await freePort();
  const flags = ['-D', data, '-p', `${port}`, '-k', directory, '-c', 'fsync=off', '-c', 'listen_addresses=127.0.0.1'];
  const server = spawn(...as('postgres', flags), { stdio: 'ignore', cwd: '/' });
  const gone = once(server, 'exit');
  const url = (database: string) => `postgres://postgres@127.0.0.1:${port}/${database}`;
  await eventually(() => run(bin('pg_isready'), ['-d', url('postgres')]), { withinMs: 30_000 });
  return {
    url,
    bin,
    stop: async () => {
      server.kill('SIGINT');
      await gone;
      await rm(directory, { recursive: true });
    },
  };
}
