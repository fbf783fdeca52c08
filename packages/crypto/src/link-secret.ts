/** Capture links and sessions: 256 random bits in the hands of one browser, stored as a digest only. */
import { createHash, randomBytes } from 'node:crypto';

/** 43 base64url characters. */
export function newLinkSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** SHA-256: enough for a secret of 256 random bits, which nobody can guess at. */
export function digestLinkSecret(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
