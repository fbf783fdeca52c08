/** From a tree `live/ print/ replay/ …` to the list of presentations, sorted, so that every run sees the same order. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type FoundImage, findImages } from '../find-images.ts';

/** One act of showing something to a camera: one picture, or a folder with the frames of one recording. */
export type Presentation = {
  /** Path below the evaluated folder, with `/`. */
  name: string;
  /** Name of the attack species' folder, or null for bona fide. */
  species: string | null;
  frames: FoundImage[];
};

/** Folder names that all mean bona fide; every other folder is an attack species. */
const BONA_FIDE_FOLDERS = new Set(['live', 'bonafide', 'bona-fide', 'real']);

/** All presentations below a folder. Throws when there is nothing to compare: no bona fide, or no attack. */
export async function findPresentations(folder: string): Promise<Presentation[]> {
  const presentations: Presentation[] = [];
  for (const name of await speciesFolders(folder)) presentations.push(...(await presentationsIn(folder, name)));
  if (!presentations.some(({ species }) => species === null))
    throw new Error(`${folder} has no bona fide images: put them into ${folder}/live.`);
  if (!presentations.some(({ species }) => species !== null))
    throw new Error(`${folder} has no attack images: put them into a folder per species, such as ${folder}/print.`);
  return presentations;
}

async function speciesFolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause) => {
    throw new Error(`${folder} is not a folder that can be read.`, { cause });
  });
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort();
}

async function presentationsIn(folder: string, name: string): Promise<Presentation[]> {
  const species = BONA_FIDE_FOLDERS.has(name.toLowerCase()) ? null : name;
  const byName = new Map<string, FoundImage[]>();
  for (const image of await findImages([name], folder)) {
    const below = image.name.split(/[\\/]/).slice(1);
    // Whatever lies deeper belongs to the recording named by the folder directly below the species.
    const key = join(name, below[0] as string).replaceAll('\\', '/');
    byName.set(key, [...(byName.get(key) ?? []), image]);
  }
  return [...byName]
    .map(([key, frames]) => ({ name: key, species, frames }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
