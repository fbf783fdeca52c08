import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serverEnvironment } from './server-environment.ts';

/** Who holds a cluster: nobody, a server that takes connections, one on its way up or down, or a dead one's file. */
export type Holder =
  | { state: 'free' }
  | { state: 'ready'; pid: number; port: number }
  | { state: 'changing'; pid: number }
  | { state: 'dead'; pid: number };

/** Reads `postmaster.pid`: pid, data directory, start, port, socket folder, address, shared memory, status by line. */
export async function readHolder(directory: string): Promise<Holder> {
  const text = await readFile(join(directory, 'postmaster.pid'), 'utf8').catch(() => undefined);
  if (text === undefined) return { state: 'free' };
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return { state: 'changing', pid: 0 };
  if (!isServerOf(directory, pid)) return { state: 'dead', pid };
  const port = Number(lines[3]);
  return lines[7]?.trim() === 'ready' ? { state: 'ready', pid, port } : { state: 'changing', pid };
}

/**
 * Lets the next server take over a dead one's file. Postgres does so by itself unless the old pid is in use again
 * by another program (usual after a container restart). It also takes a file that names its own parent, us, as
 * dead, and then still checks the shared memory for left-over sessions: deleting the file would skip that check.
 */
export async function yieldLock(directory: string, deadPid: number): Promise<void> {
  if (!isAlive(deadPid)) return;
  const path = join(directory, 'postmaster.pid');
  const text = await readFile(path, 'utf8').catch(() => '');
  if (text.startsWith(`${deadPid}\n`)) await writeFile(path, text.replace(/^\d+/, String(process.pid)));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether this pid is a Postgres on this directory: pids are given out again, so "alive" alone proves nothing. */
function isServerOf(directory: string, pid: number): boolean {
  if (process.platform === 'linux') return wordsOf(pid).includes(directory);
  const ps = spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { env: serverEnvironment, encoding: 'utf8' });
  return ps.status === 0 && ps.stdout.includes(directory);
}

function wordsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
