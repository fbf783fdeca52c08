/** Everything below a folder, in sorted order, links followed, without what operating systems leave behind. */
import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A file or folder by its path below the listed folder, with `/`, and where it is. */
export type Found = { name: string; path: string };

export type Listing = {
  files: Found[];
  /** Folders that could be read. */
  folders: Found[];
  unreadable: (Found & { fault: string })[];
};

/** What archives and file servers put beside the files; names that begin with a dot are left out as well. */
const JUNK = new Set(['__MACOSX', '@eaDir', 'Thumbs.db']);

/** Lists a folder to its depths. A folder that cannot be read is in the list with the reason; the rest is listed. */
export async function listFiles(folder: string): Promise<Listing> {
  const listing: Listing = { files: [], folders: [], unreadable: [] };
  await visit({ at: { name: '', path: folder }, above: [], listing });
  for (const found of [listing.files, listing.folders, listing.unreadable]) found.sort(byName);
  return listing;
}

async function visit(work: { at: Found; above: readonly string[]; listing: Listing }): Promise<void> {
  const { at, above, listing } = work;
  try {
    const real = await realpath(at.path);
    // A link to a folder above would lead round and round.
    if (above.includes(real)) return;
    const entries = await readdir(at.path, { withFileTypes: true });
    if (at.name !== '') listing.folders.push(at);
    for (const entry of entries) {
      if (entry.name.startsWith('.') || JUNK.has(entry.name)) continue;
      const path = join(at.path, entry.name);
      const found = { name: at.name === '' ? entry.name : `${at.name}/${entry.name}`, path };
      const kind = await kindOf(entry, path);
      if (kind === 'folder') await visit({ at: found, above: [...above, real], listing });
      else if (kind === 'file') listing.files.push(found);
    }
  } catch (error) {
    listing.unreadable.push({ ...at, fault: (error as Error).message });
  }
}

async function kindOf(entry: Dirent, path: string): Promise<'file' | 'folder' | 'other'> {
  // Reading what a broken link should lead to reports the fault.
  const target = entry.isSymbolicLink() ? await stat(path).catch(() => null) : entry;
  if (target === null || target.isFile()) return 'file';
  return target.isDirectory() ? 'folder' : 'other';
}

function byName(a: Found, b: Found): number {
  if (a.name === b.name) return 0;
  return a.name < b.name ? -1 : 1;
}
