/** Faces and models that lie beside the repository on some machines; everything must also work without them. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repositoryRoot = fileURLToPath(new URL('../../..', import.meta.url));

const SHARED = process.env.LIVEGATE_SHARED_DIR ?? resolve(repositoryRoot, '../shared');

/** The path of a shared file or folder, or null, said loudly, when it is not here. */
export function sharedFile(...parts: string[]): string | null {
  const path = join(SHARED, ...parts);
  if (existsSync(path)) return path;
  process.stderr.write(`\n*** SKIPPED: ${join(...parts)} is not at hand (LIVEGATE_SHARED_DIR) ***\n\n`);
  return null;
}
