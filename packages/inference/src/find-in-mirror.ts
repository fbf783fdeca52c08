/** Looks files up in a mirror directory by what they are: their names do not matter. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from './verify-file.ts';

type Wanted = { bytes: number; sha256: string };
type Mirror = { mirrorDir: string | undefined; report: (line: string) => void };

/** Those of the wanted files that the mirror holds, by their SHA-256. A mirror that cannot be read is told of, and empty. */
export async function findInMirror(
  wanted: readonly Wanted[],
  { mirrorDir, report }: Mirror,
): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  if (!mirrorDir || wanted.length === 0) return found;
  const sizes = new Set(wanted.map(({ bytes }) => bytes));
  const names = await readdir(mirrorDir).catch((error: Error) => {
    report(`The model mirror cannot be read: ${error.message}`);
    return [];
  });
  for (const name of names) {
    const file = join(mirrorDir, name);
    const entry = await stat(file);
    if (!entry.isFile() || !sizes.has(entry.size)) continue;
    const bytes = await readFile(file);
    const hash = sha256(bytes);
    if (wanted.some((item) => item.sha256 === hash)) found.set(hash, bytes);
  }
  return found;
}
