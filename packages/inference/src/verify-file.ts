/** Whether a file is the one the manifest pins. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** Lower-case hexadecimal SHA-256 of the file's bytes, or null when there is no such file. */
export async function hashFile(file: string): Promise<string | null> {
  try {
    return sha256(await readFile(file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Lower-case hexadecimal SHA-256 of bytes. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
