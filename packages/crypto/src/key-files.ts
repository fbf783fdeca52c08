/**
 * Keys as files: each appears whole or not at all, for this user only, durable before anything is sealed with it, and is
 * overwritten before it goes.
 */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { link, mkdir, open as openFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Makes the directory, for this user only. */
export async function ensureKeyDirectory(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
}

/** The names in `dir` that match, in order. */
export function listKeyFiles(dir: string, form: RegExp): string[] {
  return readdirSync(dir)
    .filter((name) => form.test(name))
    .sort();
}

/** The 32 bytes of a key file. Throws when it holds anything else, and ENOENT when there is none. */
export function readKeyFile(path: string): Buffer {
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64');
  if (key.length !== 32) throw new Error(`${path} does not hold a key of 32 bytes in base64`);
  return key;
}

/** The text of a file with a new key. */
export function newKeyText(): string {
  return `${randomBytes(32).toString('base64')}\n`;
}

/**
 * Makes `name` with this text unless it exists: processes that do so at once must agree, so the file is finished under
 * another name and then linked; whoever comes second takes what is there. Returns whether this call made it.
 */
export async function createKeyFile(dir: string, name: string, text: string): Promise<boolean> {
  const made = join(dir, `.new-${randomBytes(8).toString('hex')}`);
  await writeFile(made, text, { mode: 0o600, flag: 'wx', flush: true });
  const first = await link(made, join(dir, name)).then(() => true, falseIfExisting);
  await unlink(made);
  await syncDirectory(dir);
  return first;
}

/** Replaces the text of a file that holds no secret, whole or not at all. */
export async function replaceFile(dir: string, name: string, text: string): Promise<void> {
  const made = join(dir, `.new-${randomBytes(8).toString('hex')}`);
  await writeFile(made, text, { mode: 0o600, flag: 'wx', flush: true });
  await rename(made, join(dir, name));
  await syncDirectory(dir);
}

/** Removes the file and overwrites what it held; false when it was gone. */
export async function destroyKeyFile(dir: string, name: string): Promise<boolean> {
  const path = join(dir, name);
  try {
    const file = await openFile(path, 'r+');
    try {
      // Nobody may read half a key: the name goes first, then the bytes behind it.
      await unlink(path);
      const { size } = await file.stat();
      await file.write(Buffer.alloc(size), 0, size, 0);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    // Another process may be destroying it at the same moment.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  await syncDirectory(dir);
  return true;
}

// A name must outlive a power cut, and a removal as well.
async function syncDirectory(dir: string): Promise<void> {
  const directory = await openFile(dir);
  await directory.sync().finally(() => directory.close());
}

function falseIfExisting(error: NodeJS.ErrnoException): false {
  if (error.code !== 'EEXIST') throw error;
  return false;
}
