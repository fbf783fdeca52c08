import { describe, expect, it } from 'vitest';
import { homographyResidual } from './homography.ts';

/** Points of a face-like surface: a grid whose middle stands out towards the camera. */
const surface = Array.from({ length: 49 }, (_, index) => {
  const [x, y] = [(index % 7) / 3 - 1, Math.floor(index / 7) / 3 - 1];
  return { x, y, depth: 0.8 * Math.exp(-3 * (x * x + y * y)) };
});

/** Seen through a pinhole after a turn about the upright axis. */
function view(degrees: number, depthScale: number): [number, number][] {
  const angle = (degrees * Math.PI) / 180;
  return surface.map(({ x, y, depth }) => {
    const z = depth * depthScale;
    const across = x * Math.cos(angle) + z * Math.sin(angle);
    const away = 5 + x * Math.sin(angle) - z * Math.cos(angle);
    return [across / away, y / away];
  });
}

describe('the residual of a homography', () => {
  it('is nothing for two views of a plane, however it is turned', () => {
    for (const degrees of [-60, -20, 10, 45])
      expect(homographyResidual(view(0, 0), view(degrees, 0))).toBeLessThan(1e-9);
  });

  it('grows with the turn of what is not flat', () => {
    const residuals = [10, 20, 30].map((degrees) => homographyResidual(view(0, 1), view(degrees, 1)));
    expect(residuals[0]).toBeGreaterThan(0.02);
    expect(residuals[1]).toBeGreaterThan(residuals[0] as number);
    expect(residuals[2]).toBeGreaterThan(residuals[1] as number);
  });

  it('does not depend on where and how large the face is in the picture', () => {
    const moved = view(30, 1).map(([x, y]): [number, number] => [x * 7 + 40, y * 7 - 3]);
    expect(homographyResidual(view(0, 1), moved)).toBeCloseTo(homographyResidual(view(0, 1), view(30, 1)), 9);
  });

  it('says nothing where points do not determine a mapping', () => {
    const line = surface.map((_, index): [number, number] => [index, index]);
    expect(homographyResidual(line, line)).toBe(0);
  });
});
