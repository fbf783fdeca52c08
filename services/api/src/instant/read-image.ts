/** The image of a one-shot request: base64, a data URI, or an https URL that is fetched through the guarded way out. */
import { CodedError } from '@livegate/domain/errors';
import { USER_AGENT } from '@livegate/domain/product';
import { EgressError } from '@livegate/egress/egress-error';
import type { Egress } from '@livegate/egress/fetch-public';
import { checkTargetUrl, type EgressMode } from '@livegate/egress/target-policy';

import type { Caller } from '../http/authenticate.ts';
import { imageOfUrl } from '../sandbox/scenario-images.ts';

/** Decoded bytes of one image at the most; the JSON that carries it as base64 is a third longer. */
export const MAX_IMAGE_BYTES = 10 * 1024 * 1024;
const FETCH_DEADLINE_MS = 10_000;

// Buffer.from makes something of any text; an image must be base64 and nothing else. Line breaks are common and harmless.
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
// RFC 2397: a type, parameters, then the word. What the bytes are is judged by the bytes.
const DATA_URI = /^data:(image\/[a-z0-9.+-]+|application\/octet-stream)(;[\w.-]+=[^;,]*)*;base64,/i;
const MAGIC: { name: string; matches: (bytes: Buffer) => boolean }[] = [
  { name: 'JPEG', matches: (bytes) => bytes.subarray(0, 3).equals(Buffer.of(0xff, 0xd8, 0xff)) },
  { name: 'PNG', matches: (bytes) => bytes.subarray(0, 8).equals(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')) },
  {
    name: 'WebP',
    matches: (bytes) => bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP',
  },
];

/** What it takes to fetch an image. */
export type ImageSource = { egress: Egress; mode: EgressMode };

/**
 * The image of `text`. For a test key nothing is fetched: a URL stands for an image of the sandbox. Throws
 * `unreadable_image`, `body_too_large` or `unreachable_image`.
 */
export async function readImage(text: string, caller: Caller, source: ImageSource): Promise<Buffer> {
  if (!/^https?:/i.test(text)) return requireImage(decodeBase64(text));
  const url = requireTarget(text, source);
  return requireImage(caller.mode === 'test' ? imageOfUrl(url) : await fetchImage(url, source));
}

/** The bytes, when they begin like an accepted image. What follows is judged by the child process that decodes it. */
export function requireImage(bytes: Buffer): Buffer {
  if (MAGIC.some(({ matches }) => matches(bytes))) return bytes;
  throw new CodedError('unreadable_image', 'The image is not a JPEG, PNG or WebP.');
}

function decodeBase64(text: string): Buffer {
  const base64 = text.replace(DATA_URI, '').replace(/[\r\n]/g, '');
  if (base64.length > (MAX_IMAGE_BYTES / 3) * 4 + 4)
    throw new CodedError('body_too_large', 'The image is larger than 10 MB.');
  if (!BASE64.test(base64)) throw new CodedError('unreadable_image', 'The image is not base64.');
  return Buffer.from(base64, 'base64');
}

function requireTarget(text: string, { mode }: ImageSource): URL {
  const target = checkTargetUrl(text, { mode });
  if (target.ok) return target.url;
  throw new CodedError('unreachable_image', `The image's URL ${target.why}.`);
}

async function fetchImage(url: URL, { egress }: ImageSource): Promise<Buffer> {
  try {
    const { status, body } = await egress.request({
      url: url.href,
      method: 'GET',
      headers: { accept: 'image/jpeg, image/png, image/webp', 'user-agent': USER_AGENT },
      deadlineMs: FETCH_DEADLINE_MS,
      maxResponseBytes: MAX_IMAGE_BYTES,
    });
    if (status === 200) return body;
  } catch (cause) {
    // Which of the ways it failed in is not told: that would make a port scanner of us.
    if (cause instanceof EgressError)
      throw new CodedError('unreachable_image', 'The image could not be fetched.', { cause });
    throw cause;
  }
  throw new CodedError('unreachable_image', 'The image could not be fetched.');
}
