import { describe, expect, it } from 'vitest';
import { measureCover } from './measure-cover.ts';

const SIZE = 64;

/** The points that matter of a frontal face, in fractions of the square. */
function pointsOfFace(): Float32Array {
  const points = new Float32Array(136);
  const place = (point: number, x: number, y: number) => points.set([x, y], 2 * point);
  for (const point of [36, 37, 38, 39, 40, 41]) place(point, point === 36 ? 0.22 : point === 39 ? 0.38 : 0.3, 0.4);
  for (const point of [42, 43, 44, 45, 46, 47]) place(point, point === 42 ? 0.62 : point === 45 ? 0.78 : 0.7, 0.4);
  place(21, 0.42, 0.32);
  place(22, 0.58, 0.32);
  place(27, 0.5, 0.38);
  place(29, 0.5, 0.52);
  place(48, 0.38, 0.74);
  place(54, 0.62, 0.74);
  place(51, 0.5, 0.7);
  place(57, 0.5, 0.78);
  place(8, 0.5, 0.97);
  return points;
}

/** A face of one colour with rows painted over: [from, to, colour], in fractions. */
function planesOf(skin: readonly number[], ...bands: [number, number, readonly number[]][]): Float32Array {
  const planes = new Float32Array(3 * SIZE * SIZE);
  for (let at = 0; at < planes.length; at++) {
    const row = Math.floor((at % (SIZE * SIZE)) / SIZE) / SIZE;
    const band = bands.find(([from, to]) => row >= from && row < to);
    planes[at] = ((band?.[2] ?? skin)[Math.floor(at / (SIZE * SIZE))] as number) / 256;
  }
  return planes;
}

const measure = (planes: Float32Array) => measureCover({ points: pointsOfFace(), planes, size: SIZE });

describe.each([
  { skin: 'light', colour: [205, 165, 140] },
  { skin: 'dark', colour: [70, 48, 38] },
])('measureCover of $skin skin', ({ colour }) => {
  it('finds nothing on even skin', () => {
    const { eyeLight, mouthLight, mouthTint } = measure(planesOf(colour));
    expect(eyeLight).toBeCloseTo(1, 4);
    expect(mouthLight).toBeCloseTo(1, 4);
    expect(mouthTint).toBeCloseTo(0, 4);
  });

  it('reads the light of the eyes by the skin beside them', () => {
    const half = colour.map((value) => value / 2);
    expect(measure(planesOf(colour, [0.3, 0.48, half])).eyeLight).toBeCloseTo(0.5, 1);
  });

  it('reads light and tint of what lies over mouth and chin, whatever the light', () => {
    const grey = measure(planesOf(colour, [0.6, 1, [10, 10, 10]]));
    expect(grey.mouthLight).toBeLessThan(0.25);
    const green = [colour, colour.map((value) => value / 2)].map((skin, index) =>
      measure(planesOf(skin, [0.6, 1, index === 0 ? [40, 140, 100] : [20, 70, 50]])),
    );
    expect(green[0]?.mouthTint).toBeGreaterThan(0.15);
    expect(green[1]?.mouthTint).toBeCloseTo(green[0]?.mouthTint ?? 0, 4);
  });
});

describe('measureCover', () => {
  it('refuses nothing where there is nothing to compare', () => {
    const nowhere = measureCover({ points: new Float32Array(136).fill(-3), planes: planesOf([1, 1, 1]), size: SIZE });
    expect(nowhere).toEqual({ eyeLight: 1, mouthLight: 1, mouthTint: 0 });
  });
});
