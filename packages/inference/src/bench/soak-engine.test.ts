import { describe, expect, it } from 'vitest';
import type { FrameAnalysis } from '../analyse.ts';
import type { Engine } from '../engine.ts';
import { slope, soakEngine } from './soak-engine.ts';

describe('slope', () => {
  it('is that of the line through points with noise that cancels out', () => {
    const points = [0, 1, 2, 3].map((x) => ({ x, y: 5 + 2 * x + (x % 3 === 0 ? 0.5 : -0.5) }));
    expect(slope(points)).toBeCloseTo(2, 10);
  });

  it('is 0 where there is no line', () => {
    expect(slope([])).toBe(0);
    expect(slope([{ x: 3, y: 4 }])).toBe(0);
  });
});

describe('soakEngine', () => {
  it('analyses as many frames as asked for, the images in turn', async () => {
    const seen: number[] = [];
    const engine: Engine = {
      profile: 'baseline',
      provider: 'cpu',
      models: [],
      analyse: async (image) => {
        seen.push(image.length);
        return {} as FrameAnalysis;
      },
      close: async () => undefined,
    };
    const images = [1, 2, 3].map((length) => ({ name: '', bytes: new Uint8Array(length) }));
    const { frames } = await soakEngine({ engine, images, frames: 7 });
    expect(frames).toBe(7);
    expect(seen).toEqual([1, 2, 3, 1, 2, 3, 1]);
  });
});
