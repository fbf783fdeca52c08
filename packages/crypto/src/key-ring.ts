/**
 * Key-encryption keys: files in a directory outside the database, so that a stolen database or backup opens nothing. The
 * newest one wraps; older ones still unwrap. Wrapped layout, in bytes: key id (8) | sealed. What was wrapped with a key
 * that ends (epoch-keys.ts) is unwrapped here as well.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AUDIT_KEY, type AuditTrail, createAuditKey, openAuditTrail } from './audit-trail.ts';
import { KeyGone, open, seal } from './envelope.ts';
import { type EpochKeys, openEpochKeys } from './epoch-keys.ts';
import {
  createKeyFile,
  destroyKeyFile,
  ensureKeyDirectory,
  listKeyFiles,
  newKeyText,
  readKeyFile,
} from './key-files.ts';
import { openSigningRing, type SigningRing } from './signing-ring.ts';

export type KeyRing = {
  /** Wraps a key or a secret that lasts, bound to its purpose. */
  wrap(plaintext: Buffer, purpose: string): Buffer;
  /** Unwraps it, or a data key. Throws SealBroken when it was altered or is of another purpose, KeyGone when its key is not here. */
  unwrap(wrapped: Buffer, purpose: string): Buffer;
  /**
   * A keyed digest of 16 bytes, to know something again without keeping it. Changes when a new key comes: for what lives
   * shortly.
   */
  digest(bytes: Uint8Array, purpose: string): Buffer;
  /** Keys that end: for data keys. */
  epochs: EpochKeys;
  /** Keys that sign. */
  signing: SigningRing;
  /** The chain of the audit log. */
  audit: AuditTrail;
  /** A keyed hash: what is stored of a name that must be found again and never read. Its key is never rotated. */
  pseudonymOf(...parts: string[]): Buffer;
  /** Adds a key-encryption key, which wraps from now on, here and (within seconds) in every other process; its id. */
  rotate(): Promise<string>;
  /** The id of the key that wraps now, and of the one that wrapped this. */
  newestId(): string;
  idOf(wrapped: Buffer): string;
  /** How long ago the newest key was made, by this machine's clock and the file's name. */
  newestAgeSeconds(): number;
  /** Destroys a key that nothing is wrapped with any more. Throws when it is the newest, or not here. */
  destroy(id: string): Promise<void>;
  /** The ids of all key-encryption keys, the newest last. */
  ids(): string[];
};

const ID_BYTES = 8;
const DIGEST_BYTES = 16;
const PSEUDONYM_KEY = 'pseudonym.key';
const FIRST_KEY = 'kek-00000000000000-0000000000000001.key';
const FILE = /^kek-(\d{14}-[0-9a-f]{16})\.key$/;
// How long another process's new key may go unseen.
const REREAD_EVERY_MS = 5_000;

/** Where the keys' owner keeps which directory is its own: beside what the keys wrap, and not beside the keys. */
export type KeyDirectoryRecord = {
  find(): Promise<string | null>;
  /** The identity that stands, when two come at once. */
  remember(identity: string): Promise<string>;
};

/**
 * Opens the ring in `dir`; the first service to come makes the first key, and all others agree on it. With a `record`
 * only the first of all: a directory that is empty or another one later (a volume that is not mounted, the wrong one)
 * throws WrongKeyDirectory, and no key is made in it.
 */
export async function openKeyRing({ dir, record }: { dir: string; record?: KeyDirectoryRecord }): Promise<KeyRing> {
  await ensureKeyDirectory(dir);
  const expected = (await record?.find()) ?? null;
  if (expected === null) await makeFirstKeys(dir);
  else requireKeys(dir);
  const pseudonymKey = readKeyFile(join(dir, PSEUDONYM_KEY));
  if (record)
    requireIdentity({ dir, pseudonymKey, expected: expected ?? (await record.remember(identityOf(pseudonymKey))) });
  let ring = readKeys(dir);
  let readAt = performance.now();
  const epochs = await openEpochKeys({ dir: join(dir, 'epochs'), home: join(dir, PSEUDONYM_KEY) });
  const audit = openAuditTrail({ dir });
  const signing = await openSigningRing({ dir: join(dir, 'signing') });
  const reread = () => {
    ring = readKeys(dir);
    readAt = performance.now();
  };
  const fresh = () => {
    if (performance.now() - readAt > REREAD_EVERY_MS) reread();
    return ring;
  };
  return {
    epochs,
    signing,
    audit,
    wrap: (plaintext, purpose) => {
      const { newestId, newestKey } = fresh();
      return Buffer.concat([Buffer.from(newestId, 'hex'), seal({ key: newestKey, plaintext, aad: purpose })]);
    },
    unwrap: (wrapped, purpose) => {
      if (epochs.owns(wrapped)) return epochs.unwrap(wrapped, purpose);
      const id = idOfWrapped(wrapped);
      // In a rotation another service may have seen the new key first, and used it.
      if (!ring.keys.has(id)) reread();
      const key = ring.keys.get(id);
      if (!key) throw new KeyGone('the key it was wrapped with is not in the key directory');
      return open({ key, sealed: wrapped.subarray(ID_BYTES), aad: purpose });
    },
    pseudonymOf: (...parts) => createHmac('sha256', pseudonymKey).update(JSON.stringify(parts)).digest(),
    rotate: async () => {
      await createKeyFile(dir, newFileName(listKeyFiles(dir, FILE).at(-1)), newKeyText());
      reread();
      return ring.newestId;
    },
    newestId: () => fresh().newestId,
    idOf: idOfWrapped,
    newestAgeSeconds: () => (Date.now() - timeOf(listKeyFiles(dir, FILE).at(-1))) / 1_000,
    ids: () => [...fresh().keys.keys()],
    destroy: async (id) => {
      reread();
      const file = listKeyFiles(dir, FILE).find((name) => idOf(name) === id);
      if (!file || id === ring.newestId) throw new Error(`the key ${id} is not one that can be destroyed`);
      await destroyKeyFile(dir, file);
      reread();
    },
    digest: (bytes, purpose) =>
      createHmac('sha256', fresh().newestKey)
        .update(purpose)
        .update('\0')
        .update(bytes)
        .digest()
        .subarray(0, DIGEST_BYTES),
  };
}

/** The key directory is not the one that belongs to the database, or holds none of its keys. */
export class WrongKeyDirectory extends Error {
  override readonly name = 'WrongKeyDirectory';
}

async function makeFirstKeys(dir: string): Promise<void> {
  if (listKeyFiles(dir, FILE).length === 0) await createKeyFile(dir, FIRST_KEY, newKeyText());
  await createKeyFile(dir, PSEUDONYM_KEY, newKeyText());
  await createAuditKey(dir);
}

const ADVICE = 'Is its volume mounted? To begin with another directory on purpose: npm run admin -- keys adopt';

function requireKeys(dir: string): void {
  const missing = [PSEUDONYM_KEY, AUDIT_KEY].filter((name) => !existsSync(join(dir, name)));
  if (listKeyFiles(dir, FILE).length === 0) missing.unshift('kek-….key');
  if (missing.length === 0) return;
  throw new WrongKeyDirectory(
    `LIVEGATE_KEY_DIR (${dir}) lacks the keys of this database: ${missing.join(', ')}. ${ADVICE}`,
  );
}

function requireIdentity(found: { dir: string; pseudonymKey: Buffer; expected: string }): void {
  if (identityOf(found.pseudonymKey) === found.expected) return;
  throw new WrongKeyDirectory(`LIVEGATE_KEY_DIR (${found.dir}) holds the keys of another database. ${ADVICE}`);
}

/** By the key that is never rotated: 16 bytes of its digest, in hexadecimal. */
function identityOf(pseudonymKey: Buffer): string {
  return createHash('sha256').update('livegate key directory\0').update(pseudonymKey).digest('hex').slice(0, 32);
}

/** 32 random bytes: the data key of one check. */
export function newDataKey(): Buffer {
  return randomBytes(32);
}

type Keys = { keys: Map<string, Buffer>; newestId: string; newestKey: Buffer };

// Names begin with the time they were made, so that the last in order is the newest.
function readKeys(dir: string): Keys {
  const keys = new Map(listKeyFiles(dir, FILE).map((file) => [idOf(file), readKeyFile(join(dir, file))]));
  const newest = [...keys].at(-1);
  if (!newest) throw new KeyGone(`${dir} holds no key any more`);
  return { keys, newestId: newest[0], newestKey: newest[1] };
}

/** A name that comes after the newest, whatever this machine's clock says. */
function newFileName(newest = ''): string {
  const now = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const after = String(Number(FILE.exec(newest)?.[1]?.slice(0, 14) ?? 0) + 1).padStart(14, '0');
  // Ids of keys that end begin with zeros.
  return `kek-${now > after ? now : after}-f${randomBytes(8).toString('hex').slice(1)}.key`;
}

/** When the key of this file was made, in milliseconds; 0 for a first one, whose name says nothing. */
function timeOf(file = ''): number {
  const parts = /^kek-(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(file)?.slice(1).map(Number) ?? [];
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  // A name that had to come after another's may count a minute's sixtieth second.
  return year === 0 ? 0 : Date.UTC(year, month - 1, day, hour, minute, second);
}

function idOf(file: string): string {
  const [, name = ''] = FILE.exec(file) ?? [];
  return name.slice(15);
}

function idOfWrapped(wrapped: Buffer): string {
  return wrapped.subarray(0, ID_BYTES).toString('hex');
}
