/**
 * Authenticated encryption of one object: AES-256-GCM with a random 96-bit nonce. Layout, in bytes:
 * version (1) | nonce (12) | ciphertext | tag (16). The caller's context is bound in as associated data.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const VERSION = 1;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The ciphertext, its key or its context is not the one it was sealed with. */
export class SealBroken extends Error {
  override readonly name: string = 'SealBroken';
  readonly code = 'seal_broken';
}

/** The key itself is not here (any more): what it sealed is as good as deleted. */
export class KeyGone extends SealBroken {
  override readonly name = 'KeyGone';
}

/** Seals `plaintext` under a 32-byte key, bound to `aad`. */
export function seal({ key, plaintext, aad }: { key: Buffer; plaintext: Buffer; aad: string }): Buffer {
  requireKey(key);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(aad));
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([Buffer.of(VERSION), nonce, ciphertext, cipher.getAuthTag()]);
}

/** Opens what `seal` made. Throws SealBroken when anything was altered or belongs elsewhere. */
export function open({ key, sealed, aad }: { key: Buffer; sealed: Buffer; aad: string }): Buffer {
  requireKey(key);
  if (sealed.length < 1 + NONCE_BYTES + TAG_BYTES) throw new SealBroken('the sealed bytes are too short');
  if (sealed[0] !== VERSION) throw new SealBroken('the sealed bytes are of an unknown version');
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
  const ciphertext = sealed.subarray(1 + NONCE_BYTES, sealed.length - TAG_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(aad))
    .setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  } catch (cause) {
    throw new SealBroken('the seal does not hold: altered, or sealed elsewhere', { cause });
  }
}

type Place = { clientId: string; checkId: string; object: string; kind: string; version: number };

/** The associated data of an object: where it belongs, without ambiguity between fields. */
export function aadFor({ clientId, checkId, object, kind, version }: Place): string {
  return JSON.stringify([clientId, checkId, object, kind, version]);
}

function requireKey(key: Buffer): void {
  if (key.length !== KEY_BYTES) throw new RangeError(`a key has ${KEY_BYTES} bytes, not ${key.length}`);
}
