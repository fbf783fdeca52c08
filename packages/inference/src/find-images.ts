/** The image files that a list of files and folders stands for. */
import { stat } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { listFiles } from './list-files.ts';

const IMAGE_EXTENSIONS = new Set(['.jpg', '.jpeg', '.jfif', '.png', '.webp']);

/** A file as the user would name it, and where it is. */
export type FoundImage = { name: string; path: string };

/** Whether a file is to be read, by its name. */
export function isImageName(name: string): boolean {
  return IMAGE_EXTENSIONS.has(extname(name).toLowerCase());
}

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
  const { files, unreadable } = await listFiles(path);
  // A folder that cannot be read stands for itself: reading it as an image reports the fault.
  const images = [...files.filter((file) => isImageName(file.name)), ...unreadable];
  return images.map((image) => ({ name: join(name, image.name), path: image.path }));
}
