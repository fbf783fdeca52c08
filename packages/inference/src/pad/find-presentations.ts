/** From a tree `live/ print/ replay/ …` to the list of presentations, sorted, so that every run sees the same order. */
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { type FoundImage, isImageName } from '../find-images.ts';
import { type Found, type Listing, listFiles } from '../list-files.ts';
import { meaningOf } from './folder-meanings.ts';

/** One act of showing something to a camera: one picture, or a folder with the frames of one recording. */
export type Presentation = {
  /** Path below the evaluated folder, with `/`. */
  name: string;
  /** Name of the attack species' folder, or null for bona fide. */
  species: string | null;
  frames: FoundImage[];
};

/** Media that a data set may consist of and that the engine does not read: they must not go missing silently. */
const UNREAD_MEDIA = new Set(
  `.bmp .tif .tiff .gif .heic .heif .avif .jp2 .jxl .ppm .pgm .dng .raw
   .mp4 .m4v .mov .avi .mkv .webm .wmv .mpg .mpeg .3gp .flv .mts`.split(/\s+/),
);

/**
 * All presentations below a folder: a picture in a species' folder is one; further down each folder with pictures is.
 * `onFault` is told in a sentence of everything that cannot be read or is left out.
 */
export async function findPresentations(
  folder: string,
  onFault: (fault: string) => void = () => undefined,
): Promise<Presentation[]> {
  const isFolder = await stat(folder).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new Error(`${folder} is not a folder that can be read.`);
  const listing = await listFiles(folder);
  for (const fault of faultsOf(listing)) onFault(fault);
  return groupByPresentation(listing.files.filter(({ name }) => isImageName(name)));
}

/** A species' folder by its path below the evaluated one. */
type Place = { folder: string; species: string | null };

/** The species that a folder belongs to, or null for the evaluated folder itself. */
function placeOf(folder: string): Place | null {
  const [top, below] = folder.split('/') as [string, string?];
  if (top === '') return null;
  const meaning = meaningOf(top);
  if (meaning === 'attacks' && below !== undefined) return { folder: `${top}/${below}`, species: below };
  return { folder: top, species: meaning === 'bona fide' ? null : top };
}

function groupByPresentation(images: readonly Found[]): Presentation[] {
  const byName = new Map<string, Presentation>();
  for (const image of images) {
    const folder = folderOf(image.name);
    const place = placeOf(folder);
    if (!place) continue;
    const name = folder === place.folder ? image.name : folder;
    const presentation = byName.get(name);
    if (presentation) presentation.frames.push(image);
    else byName.set(name, { name, species: place.species, frames: [image] });
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function faultsOf({ files, folders, unreadable }: Listing): string[] {
  const left = new Map<string, number>();
  const withImages = new Set<string>();
  for (const { name } of files) {
    const place = placeOf(folderOf(name))?.folder;
    if (place === undefined) continue;
    if (isImageName(name)) withImages.add(place);
    const extension = extname(name).toLowerCase();
    if (UNREAD_MEDIA.has(extension)) {
      const key = `${place}\n${extension}`;
      left.set(key, (left.get(key) ?? 0) + 1);
    }
  }
  const empty = speciesFolders(folders).filter((folder) => !withImages.has(folder));
  return [
    ...unreadable.map(({ name, path, fault }) => `${name || path} cannot be read: ${fault}`),
    ...[...left].map(([key, count]) => {
      const [place, extension] = key.split('\n');
      const were = count === 1 ? 'file' : 'files';
      return `${place}: ${count} ${were} of ${extension} left out: only JPEG, PNG and WebP are read`;
    }),
    ...empty.map((folder) => `${folder}: no JPEG, PNG or WebP in it`),
  ];
}

/** A group is a species of its own only where it holds no further folders. */
function speciesFolders(folders: readonly Found[]): string[] {
  const groups = new Set(folders.map(({ name }) => folderOf(name)));
  return folders
    .map(({ name }) => name)
    .filter((name) => placeOf(name)?.folder === name && !(meaningOf(name) === 'attacks' && groups.has(name)));
}

function folderOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('/')));
}
