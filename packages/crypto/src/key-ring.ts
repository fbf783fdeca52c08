/**
 * Key-encryption keys: files in a directory outside the database, so that a stolen database or backup opens nothing. The
 * newest one wraps; older ones still unwrap. Wrapped layout, in bytes: key id (8) | sealed.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { link, mkdir, open as openFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { open, SealBroken, seal } from './envelope.ts';

export type KeyRing = {
  /** Wraps a key or a secret, bound to its purpose. */
  wrap(plaintext: Buffer, purpose: string): Buffer;
  /** Unwraps it. Throws SealBroken when it was altered, is of another purpose, or its key is not here. */
  unwrap(wrapped: Buffer, purpose: string): Buffer;
  /**
   * A keyed digest of 16 bytes, to know something again without keeping it. Changes when a new key comes: for what lives
   * shortly.
   */
  digest(bytes: Uint8Array, purpose: string): Buffer;
};

const ID_BYTES = 8;
const DIGEST_BYTES = 16;
const FIRST_KEY = 'kek-00000000000000-0000000000000001.key';
const FILE = /^kek-(\d{14}-[0-9a-f]{16})\.key$/;

/** Opens the ring in `dir`; the first service to come makes the first key, and all others agree on it. */
export async function openKeyRing({ dir }: { dir: string }): Promise<KeyRing> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  if (listKeyFiles(dir).length === 0) await createFirstKey(dir);
  let ring = readKeys(dir);
  return {
    wrap: (plaintext, purpose) => {
      const { newestId, newestKey } = ring;
      return Buffer.concat([Buffer.from(newestId, 'hex'), seal({ key: newestKey, plaintext, aad: purpose })]);
    },
    unwrap: (wrapped, purpose) => {
      const id = wrapped.subarray(0, ID_BYTES).toString('hex');
      // In a rotation another service may have seen the new key first, and used it.
      if (!ring.keys.has(id)) ring = readKeys(dir);
      const key = ring.keys.get(id);
      if (!key) throw new SealBroken('the key it was wrapped with is not in the key directory');
      return open({ key, sealed: wrapped.subarray(ID_BYTES), aad: purpose });
    },
    digest: (bytes, purpose) =>
      createHmac('sha256', ring.newestKey)
        .update(purpose)
        .update('\0')
        .update(bytes)
        .digest()
        .subarray(0, DIGEST_BYTES),
  };
}

/** 32 random bytes: the data key of one check. */
export function newDataKey(): Buffer {
  return randomBytes(32);
}

type Keys = { keys: Map<string, Buffer>; newestId: string; newestKey: Buffer };

function readKeys(dir: string): Keys {
  const keys = new Map(listKeyFiles(dir).map((file) => [idOf(file), readKey(join(dir, file))]));
  const newest = [...keys].at(-1);
  if (!newest) throw new Error(`${dir} holds no key any more`);
  return { keys, newestId: newest[0], newestKey: newest[1] };
}

// Names begin with the time they were made, so that the last in order is the newest.
function listKeyFiles(dir: string): string[] {
  return readdirSync(dir)
    .filter((name) => FILE.test(name))
    .sort();
}

function idOf(file: string): string {
  const [, name = ''] = FILE.exec(file) ?? [];
  return name.slice(15);
}

function readKey(path: string): Buffer {
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64');
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
  // The name must outlive a power cut: what is wrapped from now on is lost without it.
  const directory = await openFile(dir);
  await directory.sync().finally(() => directory.close());
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
