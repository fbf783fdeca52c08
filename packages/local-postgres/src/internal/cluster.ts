import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, lstat, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Footing } from './privilege-ladder.ts';
import { serverEnvironment } from './server-environment.ts';

/** A database cluster on disk, with the password of its `postgres` user. */
export type Cluster = { directory: string; password: string };

// An initdb takes under a second; a draft this old was left by a process that was killed.
const ABANDONED_AFTER_MS = 10 * 60_000;

/** The cluster of this home, made if there is none. Processes that do so at once all end with the same one. */
export async function ensureCluster(footing: Footing): Promise<Cluster> {
  const finished = join(footing.home, 'server');
  await removeAbandonedDrafts(footing.home);
  if (!(await exists(finished))) await initialise(footing, finished);
  return { directory: join(finished, 'cluster'), password: await readFile(join(finished, 'password'), 'utf8') };
}

/** Makes cluster and password as a draft and puts both in place by one rename: half a cluster is never seen. */
async function initialise(footing: Footing, finished: string): Promise<void> {
  const draft = join(footing.home, `draft-${randomBytes(6).toString('hex')}`);
  const directory = join(draft, 'cluster');
  const passwordFile = join(draft, 'password');
  await mkdir(draft, { mode: footing.owner === null ? 0o700 : 0o711 });
  try {
    await mkdir(directory, { mode: 0o700 });
    await writeFile(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
    if (footing.owner !== null) {
      await chown(directory, footing.owner, footing.owner);
      await chown(passwordFile, footing.owner, footing.owner);
    }
    await runInitdb({ footing, directory, passwordFile });
    // From here on only we need to read it, not the server.
    if (footing.owner !== null) await chown(passwordFile, 0, 0);
    await rename(draft, finished);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another process was quicker: its cluster is the one.
    if (!(await exists(finished))) throw error;
  }
}

async function runInitdb(job: { footing: Footing; directory: string; passwordFile: string }): Promise<void> {
  const [command = '', ...words] = [...job.footing.prefix, join(job.footing.native, 'bin', 'initdb')];
  const options = ['-U', 'postgres', '-A', 'scram-sha-256', '--pwfile', job.passwordFile, '-E', 'UTF8', '--no-locale'];
  const child = spawn(command, [...words, '-D', job.directory, ...options], {
    cwd: '/',
    env: serverEnvironment,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk).slice(-2_000);
  });
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`initdb ended with ${code ?? signal}: ${complaint}`));
    });
  });
}

/**
 * After a change of rung (another kernel, another user) the files still belong to the user of the old one. Only for who is about
 * to launch a server: one that runs would lose its files.
 */
export async function giveTo(owner: number | null, directory: string): Promise<void> {
  if (owner === null || (await lstat(directory)).uid === owner) return;
  await chown(directory, owner, owner);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await giveTo(owner, path);
    else if (entry.isFile()) await chown(path, owner, owner);
  }
}

async function removeAbandonedDrafts(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    if (!name.startsWith('draft-')) continue;
    const path = join(home, name);
    const age = Date.now() - ((await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now());
    if (age > ABANDONED_AFTER_MS) await rm(path, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
