import { describe, expect, it } from 'vitest';
import { compareGroups } from './compare-groups.ts';
import type { ScoredPresentation } from './score-tree.ts';

function aLive(name: string, luma: number | null, score: number | null): ScoredPresentation {
  return { name, species: null, frames: 1, score, reasons: [], luma, skinTone: luma === null ? null : 200 - luma };
}

const presentations = [
  aLive('live/a', 30, 0.2),
  aLive('live/b', 40, 0.9),
  aLive('live/c', 100, 0.9),
  aLive('live/d', 110, 0.9),
  aLive('live/e', 170, 0.9),
  aLive('live/f', 180, null),
  aLive('live/g', null, null),
  { ...aLive('print/a', 35, 0.1), species: 'print' },
];

describe('compareGroups', () => {
  it('splits bona fide into terciles of luma and of skin tone, and says how far apart they are', () => {
    const [luma, skinTone] = compareGroups({ presentations, metadata: new Map(), threshold: 0.6 });
    expect(luma).toMatchObject({
      unmeasured: 1,
      gap: 0.5,
      groups: [
        { name: 'dark', from: 30, to: 40, rate: { n: 2, errors: 1 } },
        { name: 'middle', from: 100, to: 110, rate: { n: 2, errors: 0 } },
        { name: 'bright', from: 170, to: 180, rate: { n: 2, errors: 0, unscored: 1 } },
      ],
    });
    expect(skinTone?.groups.map(({ rate }) => rate.errors)).toEqual([0, 0, 1]);
  });

  it('groups by device where it is known', () => {
    const metadata = new Map([
      ['live/a', { subject: '', device: 'old', light: '' }],
      ['live/b', { subject: '', device: 'new', light: '' }],
    ]);
    const [, , device, ...others] = compareGroups({ presentations, metadata, threshold: 0.6 });
    expect(device).toMatchObject({ property: 'device', unmeasured: 5, gap: 1 });
    expect(device?.groups.map(({ name }) => name)).toEqual(['new', 'old']);
    expect(others).toEqual([]);
  });
});
