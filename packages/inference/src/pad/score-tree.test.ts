import { expect, it } from 'vitest';
import { scoreTree } from './score-tree.ts';

it('tells those who wait how far it is', async () => {
  const presentations = Array.from({ length: 1_200 }, (_, at) => ({
    name: `live/${at}.jpg`,
    species: null,
    frames: [{ name: `live/${at}.jpg`, path: '/nowhere/a.jpg' }],
  }));
  const done: number[] = [];
  const unreadable: string[] = [];
  const scored = await scoreTree({
    engine: { analyse: () => Promise.reject(new Error('not asked')) },
    presentations,
    onUnreadable: (file) => unreadable.push(file),
    onProgress: (count) => done.push(count),
  });
  expect(done).toEqual([500, 1_000]);
  expect(unreadable).toHaveLength(1_200);
  expect(scored.every(({ score, reasons }) => score === null && reasons[0] === 'UNREADABLE_IMAGE')).toBe(true);
});
