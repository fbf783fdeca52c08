import { describe, expect, it } from 'vitest';
import { measureQuality } from './measure-quality.ts';
import { refusalsFor } from './quality-gates.ts';

describe('measureQuality', () => {
  const checkers = { width: 192, height: 192, data: new Uint8Array(192 * 192 * 3) };
  for (let at = 0; at < 192 * 192; at++) {
    const isWhite = (Math.floor(at / 192 / 2) + Math.floor((at % 192) / 2)) % 2 === 0;
    checkers.data.fill(isWhite ? 255 : 0, at * 3, at * 3 + 3);
  }

  it('measures size, place and light of the part inside the picture', () => {
    const quality = measureQuality(checkers, { x: -48, y: 0, width: 96, height: 192 });
    expect(quality.faceSide).toBeCloseTo(Math.sqrt(96 * 192), 5);
    expect(quality.frameShare).toBe(1);
    expect(quality.outsideShare).toBeCloseTo(0.5, 5);
    expect(quality.edgeDistance).toBeCloseTo(-48 / Math.sqrt(96 * 192), 5);
    expect(quality.aspect).toBe(0.25);
    expect(Math.abs(quality.luma - 127.5)).toBeLessThan(1);
  });

  it('finds a checkerboard as sharp as it can be and flat colour not sharp at all', () => {
    // At 96 px each square is one pixel: every Laplacian is 4 * 255.
    expect(measureQuality(checkers, { x: 0, y: 0, width: 192, height: 192 }).sharpness).toBeCloseTo(
      Math.log(1020.1),
      2,
    );
    const flat = { width: 50, height: 50, data: new Uint8Array(7500).fill(251) };
    const quality = measureQuality(flat, { x: 5, y: 5, width: 30, height: 30 });
    expect(quality.sharpness).toBeCloseTo(Math.log(0.1), 2);
    expect(quality.overexposedShare).toBe(1);
  });

  it('bounds its work for a sliver of a face at the edge', () => {
    const picture = { width: 1600, height: 1600, data: new Uint8Array(1600 * 1600 * 3) };
    const quality = measureQuality(picture, { x: 1599.5, y: 0, width: 400, height: 1600 });
    expect(quality.aspect).toBe(1 / 1600);
    expect(refusalsFor({ ...quality, turn: 0, eyeLight: 1, mouthLight: 1, mouthTint: 0 })).toContain('FACE_CUT_OFF');
  });
});
