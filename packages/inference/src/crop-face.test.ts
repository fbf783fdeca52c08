import { describe, expect, it } from 'vitest';
import { clampedRegion, cropFace, squareRegion } from './crop-face.ts';
import { MANIFEST, type PresentationModel } from './manifest.ts';

const picture = { width: 300, height: 400, data: new Uint8Array(300 * 400 * 3).fill(200) };

function model(id: string): PresentationModel {
  return MANIFEST.models.find((entry) => entry.id === id) as PresentationModel;
}

describe('clampedRegion', () => {
  it('takes the full scale about the centre where the picture allows it', () => {
    const face = { x: 125, y: 170, width: 50, height: 60 };
    expect(clampedRegion({ face, picture, scale: 2.7 })).toEqual({ x: 82, y: 119, width: 136, height: 163 });
  });

  it('reduces the scale rather than leaving the picture, and keeps the aspect', () => {
    const face = { x: 50, y: 50, width: 200, height: 250 };
    const region = clampedRegion({ face, picture, scale: 4 });
    // 299 / 200 is smaller than 399 / 250.
    expect(region).toEqual({ x: 0, y: 0, width: 300, height: 374 });
  });

  it('moves a crop at the edge inside', () => {
    const face = { x: 0, y: 330, width: 50, height: 60 };
    expect(clampedRegion({ face, picture, scale: 2.7 })).toEqual({ x: 0, y: 237, width: 136, height: 163 });
  });

  it('stays inside the picture for faces that reach outside', () => {
    const region = clampedRegion({ face: { x: -40, y: -30, width: 380, height: 470 }, picture, scale: 2.7 });
    expect(region.x).toBeGreaterThanOrEqual(0);
    expect(region.x + region.width).toBeLessThanOrEqual(300);
    expect(region.y + region.height).toBeLessThanOrEqual(400);
  });
});

describe('squareRegion', () => {
  it('is a square of the longer side about the centre, outside the picture where need be', () => {
    expect(squareRegion({ face: { x: 100, y: 100, width: 80, height: 101 }, scale: 1.5 })).toEqual({
      x: 64,
      y: 74,
      width: 151,
      height: 151,
    });
    expect(squareRegion({ face: { x: 0, y: 0, width: 100, height: 100 }, scale: 2.2 }).x).toBe(-60);
  });
});

describe('cropFace', () => {
  it('fills what lies outside the picture with black and reports its share', () => {
    const face = { x: -50, y: 100, width: 100, height: 100 };
    const { planes, outsideShare } = cropFace({ picture, face, model: model('fr_liveness'), scale: 1 });
    expect(outsideShare).toBeCloseTo(0.5, 5);
    expect(planes[0]).toBe(0);
    expect(planes[127]).toBe(200);
    expect(planes.length).toBe(3 * 128 * 128);
  });

  it('gives each model its own size and value range', () => {
    const face = { x: 100, y: 100, width: 100, height: 120 };
    const scaled = cropFace({ picture, face, model: model('jr_97.80'), scale: 1.5 }).planes;
    expect(scaled[128 * 64 + 64]).toBeCloseTo(200 / 255, 5);
    expect(cropFace({ picture, face, model: model('minivision_2.7'), scale: 2.7 }).planes.length).toBe(3 * 80 * 80);
  });
});
