/** Things that must never be found again: put into every input, then looked for in everything that was written. */
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export type Sentinel = { name: string; needles: readonly Buffer[] };
export type Leak = { sentinel: string; place: string };

/** A text as it would be found raw, in base64 at any offset, in hexadecimal, or escaped for a URL. */
export function textSentinel(name: string, text: string): Sentinel {
  return { name, needles: spellings(Buffer.from(text)) };
}

/** An image by pieces from all over it: a part of it is a leak as well. */
export function imageSentinel(name: string, image: Buffer): Sentinel {
  const size = 24;
  const pieces = Array.from({ length: 40 }, (_, index) => {
    const at = Math.floor(((index + 0.5) * (image.length - size)) / 40);
    return image.subarray(at, at + size);
  });
  // Runs of one byte are in many files.
  const telling = pieces.filter((piece) => new Set(piece).size > 12);
  if (telling.length < 20) throw new Error('the image has too few pieces to be known by');
  return { name, needles: telling.flatMap(spellings) };
}

/** A JPEG with this comment in it (at most 65,533 bytes), valid as before. */
export function withComment(jpeg: Buffer, comment: string): Buffer {
  const text = Buffer.from(comment);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length + 2);
  return Buffer.concat([jpeg.subarray(0, 2), Buffer.of(0xff, 0xfe), length, text, jpeg.subarray(2)]);
}

/** Letters that are nowhere else. */
export function unmistakable(name: string): string {
  return `${name}${randomBytes(16).toString('hex')}`;
}

/** The sentinels found in a text or buffer. */
export function leaksIn(place: string, content: Buffer | string, sentinels: readonly Sentinel[]): Leak[] {
  const bytes = Buffer.from(content);
  return sentinels
    .filter(({ needles }) => needles.some((needle) => bytes.includes(needle)))
    .map(({ name }) => ({ sentinel: name, place }));
}

/** The sentinels found in any file under a directory, and how many files and bytes were looked through. */
export async function leaksUnder(
  directory: string,
  sentinels: readonly Sentinel[],
): Promise<{ leaks: Leak[]; files: number; bytes: number }> {
  const leaks: Leak[] = [];
  let [files, bytes] = [0, 0];
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    // A file may go while it is looked for.
    const content = await readFile(path).catch(() => null);
    if (!content) continue;
    files += 1;
    bytes += content.length;
    leaks.push(...leaksIn(path, content, sentinels));
  }
  return { leaks, files, bytes };
}

function spellings(bytes: Buffer): Buffer[] {
  const base64 = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    // Letters at the ends share bits with what stands beside them.
    return text.slice(offset === 0 ? 0 : 4, Math.floor(text.length / 4) * 4 - 4);
  });
  const texts = [
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    encodeURIComponent(bytes.toString('latin1')),
  ];
  return [bytes, ...texts.map((text) => Buffer.from(text))];
}
