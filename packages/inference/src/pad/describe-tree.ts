/** How a tree was understood, so that a stranger to it sees at once when it was meant otherwise. */
import type { Presentation } from './find-presentations.ts';

/** A line for bona fide and one for each species. */
export function describeTree(presentations: readonly Presentation[]): string[] {
  const counts = new Map<string | null, { presentations: number; pictures: number }>();
  for (const { species, frames } of presentations) {
    const count = counts.get(species) ?? { presentations: 0, pictures: 0 };
    counts.set(species, {
      presentations: count.presentations + 1,
      pictures: count.pictures + frames.length,
    });
  }
  return [...counts]
    .sort(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1))
    .map(([species, count]) => {
      const name = species === null ? 'bona fide' : `attack ${species}`;
      return `${name}: ${counted(count.presentations, 'presentation')} of ${counted(count.pictures, 'picture')}`;
    });
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Throws when there is nothing to compare: no bona fide, or no attack. */
export function requireBothSides(folder: string, presentations: readonly Presentation[]): void {
  if (!presentations.some(({ species }) => species === null))
    throw new Error(`${folder} has no bona fide images: put them into ${folder}/live.`);
  if (!presentations.some(({ species }) => species !== null))
    throw new Error(`${folder} has no attack images: put them into a folder per species, such as ${folder}/print.`);
}
