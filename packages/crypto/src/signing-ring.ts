/**
 * The Ed25519 keys that sign statements: decision receipts, deletion receipts, audit checkpoints. The newest one signs. The
 * private part of a key goes when its successor comes; its public part stays, so that what it signed can be verified.
 */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CompactSign, calculateJwkThumbprint, importJWK, type JWK } from 'jose';
import { createKeyFile, destroyKeyFile, ensureKeyDirectory, listKeyFiles } from './key-files.ts';
import type { Statement } from './verify-statement.ts';

export type Jwks = { keys: JWK[] };

export type SigningRing = {
  /** Signs claims as a compact JWS of this kind. */
  sign(kind: Statement, claims: object): Promise<string>;
  /** The public parts of all keys there ever were, the newest last. */
  jwks(): Jwks;
  /** Makes a new key, which signs from now on, here and (within seconds) in every other process; its id. */
  rotate(): Promise<string>;
};

const FIRST_KEY = 'sign-00000000000000.jwk';
const PRIVATE_FILE = /^sign-(\d{14})\.jwk$/;
const PUBLIC_FILE = /^public-\d{14}\.jwk$/;
// How long another process's new key may go unseen.
const REREAD_EVERY_MS = 5_000;

/** Opens the ring in `dir`; the first service to come makes the first key, and all others agree on it. */
export async function openSigningRing({ dir }: { dir: string }): Promise<SigningRing> {
  await ensureKeyDirectory(dir);
  if (listKeyFiles(dir, PRIVATE_FILE).length === 0) await createKeyFile(dir, FIRST_KEY, newPrivateKey());
  let signer = await readSigner(dir);
  let readAt = performance.now();
  const reread = async () => {
    signer = await readSigner(dir);
    readAt = performance.now();
  };
  return {
    sign: async (kind, claims) => {
      if (performance.now() - readAt > REREAD_EVERY_MS) await reread();
      return new CompactSign(Buffer.from(JSON.stringify(claims)))
        .setProtectedHeader({ alg: 'EdDSA', kid: signer.kid, typ: kind })
        .sign(signer.key);
    },
    jwks: () => readPublicKeys(dir),
    rotate: async () => {
      const old = listKeyFiles(dir, PRIVATE_FILE);
      await createKeyFile(dir, nameAfter(old.at(-1)), newPrivateKey());
      await reread();
      for (const name of old) await destroyKeyFile(dir, name);
      return signer.kid;
    },
  };
}

/** The public keys that lie in a ring's directory; the ring need not be open, nor its private keys there. */
export function readPublicKeys(dir: string): Jwks {
  return { keys: listKeyFiles(dir, PUBLIC_FILE).map((name) => readJwk(dir, name)) };
}

type Signer = { kid: string; key: Awaited<ReturnType<typeof importJWK>> };

/** The newest key. Its public part is there for all to see before it signs anything. */
async function readSigner(dir: string): Promise<Signer> {
  const name = listKeyFiles(dir, PRIVATE_FILE).at(-1);
  if (!name) throw new Error(`${dir} holds no signing key any more`);
  const { d: _private, ...jwk } = readJwk(dir, name);
  const kid = await calculateJwkThumbprint(jwk);
  const publicKey: JWK = { ...jwk, kid, alg: 'EdDSA', use: 'sig' };
  await createKeyFile(dir, name.replace('sign', 'public'), `${JSON.stringify(publicKey)}\n`);
  return { kid, key: await importJWK(readJwk(dir, name), 'EdDSA') };
}

function readJwk(dir: string, name: string): JWK {
  return JSON.parse(readFileSync(join(dir, name), 'utf8')) as JWK;
}

function newPrivateKey(): string {
  const { privateKey }: { privateKey: KeyObject } = generateKeyPairSync('ed25519');
  return `${JSON.stringify(privateKey.export({ format: 'jwk' }))}\n`;
}

/** A name that comes after the newest, whatever this machine's clock says. */
function nameAfter(newest = ''): string {
  const now = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const after = String(Number(PRIVATE_FILE.exec(newest)?.[1] ?? 0) + 1).padStart(14, '0');
  return `sign-${now > after ? now : after}.jwk`;
}
