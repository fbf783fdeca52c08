import { describe, expect, it } from 'vitest';
import { type GatedQuality, refusalsFor } from './quality-gates.ts';

function aQuality(measures: Partial<GatedQuality> = {}): GatedQuality {
  return {
    faceSide: 200,
    frameShare: 0.6,
    outsideShare: 0,
    edgeDistance: 0.3,
    aspect: 0.7,
    luma: 120,
    overexposedShare: 0,
    sharpness: 2.3,
    coarseSharpness: 2.8,
    shortSide: 480,
    turn: 0,
    eyeLight: 0.7,
    mouthLight: 0.8,
    mouthTint: 0.03,
    ...measures,
  };
}

describe('refusalsFor', () => {
  it.each([
    { measures: {}, reasons: [] },
    { measures: { faceSide: 59 }, reasons: ['FACE_TOO_SMALL'] },
    { measures: { frameShare: 1.01 }, reasons: ['FACE_TOO_LARGE'] },
    { measures: { outsideShare: 0.13 }, reasons: ['FACE_CUT_OFF'] },
    { measures: { edgeDistance: 0.04, aspect: 0.49 }, reasons: ['FACE_CUT_OFF'] },
    { measures: { edgeDistance: -0.01, aspect: 1.11 }, reasons: ['FACE_CUT_OFF'] },
    { measures: { edgeDistance: 0.05, aspect: 0.4 }, reasons: [] },
    { measures: { luma: 29 }, reasons: ['TOO_DARK'] },
    { measures: { luma: 226 }, reasons: ['TOO_BRIGHT'] },
    { measures: { overexposedShare: 0.41 }, reasons: ['TOO_BRIGHT'] },
    { measures: { sharpness: 1.34, coarseSharpness: 2 }, reasons: ['BLURRED'] },
    { measures: { sharpness: 1.34, coarseSharpness: 2.01 }, reasons: ['BLURRED', 'LOW_RESOLUTION'] },
    { measures: { shortSide: 119 }, reasons: ['LOW_RESOLUTION'] },
    { measures: { turn: 1.16 }, reasons: ['TURNED_AWAY'] },
    { measures: { turn: -1.16 }, reasons: ['TURNED_AWAY'] },
    { measures: { turn: -1.15, shortSide: 120 }, reasons: [] },
    { measures: { eyeLight: 0.29 }, reasons: ['FACE_COVERED'] },
    { measures: { mouthLight: 0.24 }, reasons: ['FACE_COVERED'] },
    { measures: { mouthTint: 0.16 }, reasons: ['FACE_COVERED'] },
    { measures: { eyeLight: 0.3, mouthLight: 0.25, mouthTint: 0.15 }, reasons: [] },
    { measures: { luma: 20, sharpness: 0.5, coarseSharpness: 1 }, reasons: ['TOO_DARK', 'BLURRED'] },
    { measures: { faceSide: 60, frameShare: 1, outsideShare: 0.12, luma: 30, sharpness: 1.35 }, reasons: [] },
  ])('answers $reasons for $measures', ({ measures, reasons }) => {
    expect(refusalsFor(aQuality(measures))).toEqual(reasons);
  });
});
