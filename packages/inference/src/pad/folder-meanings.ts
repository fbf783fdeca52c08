/** THE table of folder names: what a folder directly below the evaluated one holds. */

/** `bona fide`: live people. `attacks`: a folder for each species. `species`: attacks of the species of that name. */
export type FolderMeaning = 'bona fide' | 'attacks' | 'species';

const MEANINGS = new Map<string, FolderMeaning>([
  ['live', 'bona fide'],
  ['bonafide', 'bona fide'],
  ['real', 'bona fide'],
  ['genuine', 'bona fide'],
  ['authentic', 'bona fide'],
  ['client', 'bona fide'],
  ['attack', 'attacks'],
  ['attacks', 'attacks'],
  ['spoof', 'attacks'],
  ['spoofs', 'attacks'],
  ['fake', 'attacks'],
  ['fakes', 'attacks'],
]);

/** `Bona Fide`, `bona-fide` and `bona_fide` mean the same; a name that is not in the table is a species. */
export function meaningOf(folderName: string): FolderMeaning {
  return MEANINGS.get(folderName.toLowerCase().replaceAll(/[\s_-]/g, '')) ?? 'species';
}
