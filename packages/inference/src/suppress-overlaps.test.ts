import { describe, expect, it } from 'vitest';
import { suppressOverlaps } from './suppress-overlaps.ts';

const box = (x: number, side: number) => ({ x, y: 0, width: side, height: side });

describe('suppressOverlaps', () => {
  it('keeps the most confident of overlapping boxes', () => {
    const kept = suppressOverlaps([
      { box: box(10, 100), confidence: 0.7 },
      { box: box(0, 100), confidence: 0.9 },
    ]);
    expect(kept).toEqual([{ box: box(0, 100), confidence: 0.9 }]);
  });

  it('drops a small box inside a better large one, though their union is large', () => {
    const kept = suppressOverlaps([
      { box: box(0, 100), confidence: 0.9 },
      { box: box(20, 30), confidence: 0.8 },
    ]);
    expect(kept).toHaveLength(1);
  });

  it('keeps faces beside each other, the most confident first', () => {
    const kept = suppressOverlaps([
      { box: box(0, 100), confidence: 0.8 },
      { box: box(90, 100), confidence: 0.9 },
    ]);
    expect(kept.map(({ confidence }) => confidence)).toEqual([0.9, 0.8]);
  });
});
