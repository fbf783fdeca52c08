/**
 * Key-encryption keys: files in a directory outside the database, so that a stolen database or backup opens nothing. The
 * newest one wraps; older ones still unwrap. Wrapped layout, in bytes: key id (8) | sealed.
 */
import { randomBytes } from 'node:crypto';
import { link, mkdir, readdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { open, SealBroken, seal } from './envelope.ts';

export type KeyRing = {
  /** Wraps a key or a secret, bound to its purpose. */
  wrap(plaintext: Buffer, purpose: string): Buffer;
  /** Unwraps it. Throws SealBroken when it was altered, is of another purpose, or its key is not here. */
  unwrap(wrapped: Buffer, purpose: string): Buffer;
};

const ID_BYTES = 8;
const FIRST_KEY = 'kek-00000000000000-0000000000000001.key';
const FILE = /^kek-(\d{14}-[0-9a-f]{16})\.key$/;

/** Opens the ring in `dir`; the first service to come makes the first key, and all others agree on it. */
export async function openKeyRing({ dir }: { dir: string }): Promise<KeyRing> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  if ((await listKeyFiles(dir)).length === 0) await createFirstKey(dir);
  const keys = new Map<string, Buffer>();
  let newest = '';
  for (const file of await listKeyFiles(dir)) {
    newest = idOf(file);
    keys.set(newest, await readKey(join(dir, file)));
  }
  const current = keys.get(newest) as Buffer;
  return {
    wrap: (plaintext, purpose) =>
      Buffer.concat([Buffer.from(newest, 'hex'), seal({ key: current, plaintext, aad: purpose })]),
    unwrap: (wrapped, purpose) => {
      const key = keys.get(wrapped.subarray(0, ID_BYTES).toString('hex'));
      if (!key) throw new SealBroken('the key it was wrapped with is not in the key directory');
      return open({ key, sealed: wrapped.subarray(ID_BYTES), aad: purpose });
    },
  };
}

/** 32 random bytes: the data key of one check. */
export function newDataKey(): Buffer {
  return randomBytes(32);
}

// Names begin with the time they were made, so that the last in order is the newest.
async function listKeyFiles(dir: string): Promise<string[]> {
  return (await readdir(dir)).filter((name) => FILE.test(name)).sort();
}

function idOf(file: string): string {
  const [, name = ''] = FILE.exec(file) ?? [];
  return name.slice(15);
}

async function readKey(path: string): Promise<Buffer> {
  const key = Buffer.from((await readFile(path, 'utf8')).trim(), 'base64');
  if (key.length !== 32) throw new Error(`${path} does not hold a key of 32 bytes in base64`);
  return key;
}

/**
 * Two services that start at once must agree: the key appears under the one name of a first key, whole or not at all (a
 * link to a finished file), and whoever comes second takes what is there.
 */
async function createFirstKey(dir: string): Promise<void> {
  const made = join(dir, `.new-${randomBytes(8).toString('hex')}`);
  await writeFile(made, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx', flush: true });
  await link(made, join(dir, FIRST_KEY)).catch(ignoreExisting);
  await unlink(made);
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
