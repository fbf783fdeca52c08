/**
 * API keys: `lv_live_<12 alphanumerics>_<43 base64url + 6 base62 checksum>`. The prefix lets secret scanners find a leaked
 * one, the checksum refuses a mistyped one without a look into the database, the id finds the row, and only a digest is kept.
 */
import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';

export type ApiKeyMode = 'live' | 'test';
export type ParsedApiKey = { mode: ApiKeyMode; keyId: string; digest: Buffer };

const FORM = /^lv_(live|test)_([A-Za-z0-9]{12})_([A-Za-z0-9_-]{43})([A-Za-z0-9]{6})$/;
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CHECKSUM_LENGTH = 6;

/** A new key, as it is shown once. */
export function newApiKey(mode: ApiKeyMode): string {
  const keyId = Array.from({ length: 12 }, () => BASE62[randomInt(BASE62.length)]).join('');
  const body = `lv_${mode}_${keyId}_${randomBytes(32).toString('base64url')}`;
  return body + checksumOf(body);
}

/** The parts of a key, or null when it is not one. */
export function parseApiKey(text: string): ParsedApiKey | null {
  const match = FORM.exec(text);
  if (!match || checksumOf(text.slice(0, -CHECKSUM_LENGTH)) !== match[4]) return null;
  return { mode: match[1] as ApiKeyMode, keyId: match[2] as string, digest: digestOf(text) };
}

/** What is stored of a key: SHA-256 of the whole, enough for 256 random bits. */
export function digestOf(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}

/** Whether two digests are equal, in constant time. */
export function matches(digest: Buffer, other: Buffer): boolean {
  return digest.length === other.length && timingSafeEqual(digest, other);
}

/** CRC-32 of the text in base62, padded with zeros: 62^6 > 2^32. */
function checksumOf(text: string): string {
  let rest = crc32(text);
  let checksum = '';
  for (let digit = 0; digit < CHECKSUM_LENGTH; digit += 1) {
    checksum = (BASE62[rest % 62] as string) + checksum;
    rest = Math.floor(rest / 62);
  }
  return checksum;
}
