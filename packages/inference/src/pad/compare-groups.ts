/** BPCER by group of bona fide presentations: who is refused more often than others. */
import { type ErrorRate, rateOf } from './error-rates.ts';
import type { Metadata } from './read-metadata.ts';
import type { ScoredPresentation } from './score-tree.ts';

/** One group of bona fide presentations. `from` and `to` are set where the group is an interval of a measure. */
export type Group = { name: string; from?: number; to?: number; rate: ErrorRate };

/** Groups by one property; `gap` is the largest minus the smallest BPCER of them. */
export type Comparison = { property: string; unmeasured: number; groups: Group[]; gap: number };

/** Bona fide presentations by terciles of face luma and of skin tone, and by device and light where these are known. */
export function compareGroups(work: {
  presentations: readonly ScoredPresentation[];
  metadata: ReadonlyMap<string, Metadata>;
  threshold: number;
}): Comparison[] {
  const { metadata, threshold } = work;
  const bonaFide = work.presentations.filter(({ species }) => species === null);
  const comparisons = [
    byTercile({ property: 'face luma', names: ['dark', 'middle', 'bright'], measure: 'luma' }, bonaFide, threshold),
    byTercile(
      { property: 'skin tone (ITA)', names: ['dark', 'middle', 'light'], measure: 'skinTone' },
      bonaFide,
      threshold,
    ),
  ];
  for (const property of ['device', 'light'] as const) {
    const readValue = ({ name }: ScoredPresentation) => metadata.get(name)?.[property] ?? '';
    const known = bonaFide.filter((presentation) => readValue(presentation) !== '');
    if (known.length === 0) continue;
    const values = [...new Set(known.map(readValue))].sort();
    const groups = values.map((name) => ({
      name,
      rate: rateAt(
        known.filter((presentation) => readValue(presentation) === name),
        threshold,
      ),
    }));
    comparisons.push({ property, unmeasured: bonaFide.length - known.length, groups, gap: gapOf(groups) });
  }
  return comparisons;
}

type Measured = { property: string; names: readonly string[]; measure: 'luma' | 'skinTone' };

function byTercile(
  { property, names, measure }: Measured,
  bonaFide: readonly ScoredPresentation[],
  threshold: number,
): Comparison {
  const readValue = (presentation: ScoredPresentation) => presentation[measure] as number;
  const measured = bonaFide
    .filter((presentation) => presentation[measure] !== null)
    .sort((a, b) => readValue(a) - readValue(b) || (a.name < b.name ? -1 : 1));
  const bounds = names.map((_, index) => Math.round((index * measured.length) / names.length));
  const groups = names.flatMap((name, index) => {
    const members = measured.slice(bounds[index], bounds[index + 1]);
    const [first, last] = [members[0], members.at(-1)];
    return first && last
      ? [{ name, from: readValue(first), to: readValue(last), rate: rateAt(members, threshold) }]
      : [];
  });
  return { property, unmeasured: bonaFide.length - measured.length, groups, gap: gapOf(groups) };
}

function rateAt(members: readonly ScoredPresentation[], threshold: number): ErrorRate {
  return rateOf(
    members.map(({ score }) => score),
    (score) => score < threshold,
  );
}

function gapOf(groups: readonly Group[]): number {
  const rates = groups.map(({ rate }) => rate.rate);
  return rates.length === 0 ? 0 : Math.max(...rates) - Math.min(...rates);
}
