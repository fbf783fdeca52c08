/** The image files that a list of files and folders stands for. */
import { readdir, stat } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';

const IMAGE_EXTENSIONS = new Set(['.jpg', '.jpeg', '.png', '.webp']);

/** A file as the user would name it, and where it is. */
export type FoundImage = { name: string; path: string };

/**
 * Files as given, folders with all images below them, in sorted order. A name that does not exist stays in the list,
 * so that reading it reports the fault beside the others.
 */
export async function findImages(names: readonly string[], from: string): Promise<FoundImage[]> {
  const found = await Promise.all(names.map((name) => expand(name, from)));
  return found.flat();
}

async function expand(name: string, from: string): Promise<FoundImage[]> {
  const path = resolve(from, name);
  const isFolder = await stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  if (!isFolder) return [{ name, path }];
  const below = await filesBelow(path);
  return below.sort().map((file) => ({ name: join(name, file.slice(path.length)), path: file }));
}

/** Images below a folder. A folder that cannot be read stands for itself: reading it as an image reports the fault. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => null);
  if (!entries) return [folder];
  const found = entries.map((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return IMAGE_EXTENSIONS.has(extname(entry.name).toLowerCase()) ? [path] : [];
  });
  return (await Promise.all(found)).flat();
}
