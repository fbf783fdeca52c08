/**
 * Keys that end: the data key of a check is wrapped by the key of the epoch in which its images must have become
 * unreadable. When the epoch ends its key is destroyed, and with it every copy of every image that was sealed under it:
 * rows, dead tuples, write-ahead log, replicas, backups. Wrapped layout, in bytes: epoch (8) | mark of the key (4) |
 * sealed. The mark tells a key that was destroyed, and made anew under its name, from bytes that were altered.
 */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { KeyGone, open, seal } from './envelope.ts';
import {
  createKeyFile,
  destroyKeyFile,
  ensureKeyDirectory,
  listKeyFiles,
  newKeyText,
  readKeyFile,
} from './key-files.ts';

/**
 * Two minutes, not five: an image is readable for 30:00 and its key must be gone at 35:00, and a check's first key must
 * outlive a link of 30 minutes and a verdict of two. An epoch of five minutes leaves either no time at all.
 */
export const EPOCH_SECONDS = 120;

export type EpochKeys = {
  /** Wraps a key so that it can be unwrapped until `until`, and within one epoch after that never again. */
  wrapUntil(plaintext: Buffer, bound: { until: Date; purpose: string }): Promise<Buffer>;
  /** Wraps a key so that it can be unwrapped until `release(wrapped)`: for legal holds. */
  wrapHeld(plaintext: Buffer, purpose: string): Promise<Buffer>;
  /** Destroys the key of a hold. */
  release(wrapped: Buffer): Promise<void>;
  /**
   * Destroys the keys of holds that have wrapped nothing for a day, and returns their names: somebody died before they could
   * release one. A day, because a database that was restored may be about to learn of its hold. `listWrapped` must answer with all that is held, also by who has made a key and has not committed yet.
   */
  releaseUnused(listWrapped: () => Promise<readonly Buffer[]>): Promise<string[]>;
  /** Whether a wrapped key is of a kind that ends. */
  owns(wrapped: Buffer): boolean;
  /** Throws SealBroken when it was altered or is of another purpose, KeyGone when its key was destroyed. */
  unwrap(wrapped: Buffer, purpose: string): Buffer;
  /** Destroys the keys of all epochs that have ended at `now`, and returns how many there were. */
  destroyEnded(now: Date): Promise<number>;
};

const ID_BYTES = 8;
const MARK_BYTES = 4;
// A key-encryption key's id is random, or 1: neither begins like these.
const EPOCH_PREFIX = '00000000';
const HOLD_PREFIX = '00000001';
const FIRST_EPOCH = 0x10_0000;
const EPOCH_FILE = /^epoch-([0-9a-f]{8})\.key$/;
const HOLD_FILE = /^hold-([0-9a-f]{8})\.key$/;
const UNUSED_HOLD_KEPT_MS = 24 * 3_600_000;
// A check's longest life, and room for a clock that is not the database's.
const LONGEST_MEMORY_MS = 45 * 60_000;

/**
 * Opens the epoch keys in `dir`, which all services share. `home` is a file that is there as long as the key directory is: without
 * it no key is made, for it would be hidden by the one that comes back.
 */
export async function openEpochKeys({ dir, home }: { dir: string; home?: string }): Promise<EpochKeys> {
  await ensureKeyDirectory(dir);
  const known = new Map<string, { key: Buffer; file: string }>();

  const forget = (id: string) => {
    known.get(id)?.key.fill(0);
    known.delete(id);
  };
  const remember = (id: string, key: Buffer, file: string) => {
    forget(id);
    known.set(id, { key, file });
    setTimeout(() => forget(id), LONGEST_MEMORY_MS).unref();
    return key;
  };
  const keyOf = (id: string): Buffer | null => {
    const path = join(dir, fileOf(id));
    // One look at the directory per use: a key that another process destroyed must not live on in this one's memory, not
    // even when somebody has made a new one under its name since.
    const file = identityOf(path);
    if (file === null) {
      forget(id);
      return null;
    }
    const remembered = known.get(id);
    if (remembered?.file === file) return remembered.key;
    const key = readIfThere(path);
    return key && remember(id, key, file);
  };
  const wrap = async (plaintext: Buffer, { id, purpose }: { id: string; purpose: string }) => {
    if (!keyOf(id)) {
      if (home && !existsSync(home)) throw new KeyGone('the key directory is not there');
      await createKeyFile(dir, fileOf(id), newKeyText());
    }
    // Looked up and used without a wait between: a key that is forgotten meanwhile is overwritten.
    const key = keyOf(id);
    if (!key) throw new KeyGone('the key was destroyed as soon as it was made');
    return Buffer.concat([Buffer.from(id, 'hex'), markOf(key), seal({ key, plaintext, aad: purpose })]);
  };

  return {
    wrapUntil: (plaintext, { until, purpose }) => wrap(plaintext, { id: epochIdOf(until), purpose }),
    wrapHeld: (plaintext, purpose) => wrap(plaintext, { id: HOLD_PREFIX + randomBytes(4).toString('hex'), purpose }),
    release: async (wrapped) => {
      const id = idOf(wrapped);
      if (!id.startsWith(HOLD_PREFIX)) return;
      forget(id);
      await destroyKeyFile(dir, fileOf(id));
    },
    releaseUnused: async (listWrapped) => {
      // First the keys, then what they wrap: one that is made in between is not among them.
      const names = listKeyFiles(dir, HOLD_FILE);
      if (names.length === 0) return [];
      const inUse = new Set((await listWrapped()).map((wrapped) => fileOf(idOf(wrapped))));
      const unused = names.filter((name) => !inUse.has(name) && ageOf(join(dir, name)) > UNUSED_HOLD_KEPT_MS);
      for (const name of unused) {
        forget(HOLD_PREFIX + (HOLD_FILE.exec(name)?.[1] as string));
        await destroyKeyFile(dir, name);
      }
      return unused;
    },
    owns: (wrapped) => isEpoch(idOf(wrapped)) || idOf(wrapped).startsWith(HOLD_PREFIX),
    unwrap: (wrapped, purpose) => {
      const key = keyOf(idOf(wrapped));
      const mark = wrapped.subarray(ID_BYTES, ID_BYTES + MARK_BYTES);
      if (!key || !markOf(key).equals(mark)) throw new KeyGone('the key it was wrapped with was destroyed');
      return open({ key, sealed: wrapped.subarray(ID_BYTES + MARK_BYTES), aad: purpose });
    },
    destroyEnded: async (now) => {
      const ended = listKeyFiles(dir, EPOCH_FILE).filter((name) => endOf(name) <= now.getTime());
      for (const name of ended) {
        forget(EPOCH_PREFIX + (EPOCH_FILE.exec(name)?.[1] as string));
        await destroyKeyFile(dir, name);
      }
      return ended.length;
    },
  };
}

/** When the key that something was wrapped with is destroyed; null for a hold, which has no end of its own. */
export function endOfWrapping(wrapped: Buffer): Date | null {
  const id = idOf(wrapped);
  return isEpoch(id) ? new Date(endOf(fileOf(id))) : null;
}

/** The id of the epoch that ends first at or after `until`: an epoch is named after its end. */
function epochIdOf(until: Date): string {
  const index = Math.ceil(until.getTime() / 1_000 / EPOCH_SECONDS);
  return EPOCH_PREFIX + index.toString(16).padStart(8, '0');
}

/** Tells one file of this name from the next; null when there is none. */
function identityOf(path: string): string | null {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? `${found.ino} ${found.ctimeMs}` : null;
}

function readIfThere(path: string): Buffer | null {
  try {
    return readKeyFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Enough to tell two keys apart, and nothing to guess a key of 256 random bits by. */
function markOf(key: Buffer): Buffer {
  return createHash('sha256').update(key).digest().subarray(0, MARK_BYTES);
}

function idOf(wrapped: Buffer): string {
  return wrapped.subarray(0, ID_BYTES).toString('hex');
}

function isEpoch(id: string): boolean {
  return id.startsWith(EPOCH_PREFIX) && Number.parseInt(id.slice(8), 16) >= FIRST_EPOCH;
}

function fileOf(id: string): string {
  return isEpoch(id) ? `epoch-${id.slice(8)}.key` : `hold-${id.slice(8)}.key`;
}

function endOf(file: string): number {
  return Number.parseInt(EPOCH_FILE.exec(file)?.[1] as string, 16) * EPOCH_SECONDS * 1_000;
}

/** How long ago the file was made: it is written once. */
function ageOf(path: string): number {
  return Date.now() - statSync(path).mtimeMs;
}
