import { describe, expect, it } from 'vitest';
import { chooseFace } from './choose-face.ts';
import type { DetectedFace } from './detector.ts';

function aFace(side: number, confidence = 0.9): DetectedFace {
  return { box: { x: 10, y: 10, width: side, height: side }, confidence };
}

describe('chooseFace', () => {
  it.each([
    { name: 'no face', faces: [], reason: 'NO_FACE', side: undefined },
    { name: 'one face', faces: [aFace(100)], reason: null, side: 100 },
    { name: 'two of a size', faces: [aFace(100), aFace(95)], reason: 'MULTIPLE_FACES', side: undefined },
    {
      name: 'a rival of exactly a quarter of the area',
      faces: [aFace(50), aFace(100)],
      reason: 'MULTIPLE_FACES',
      side: undefined,
    },
    { name: 'a bystander', faces: [aFace(49), aFace(100)], reason: null, side: 100 },
    {
      name: 'a crowd of bystanders',
      faces: [aFace(100), ...Array.from({ length: 9 }, () => aFace(30))],
      reason: null,
      side: 100,
    },
    { name: 'a surer but small bystander', faces: [aFace(40, 0.99), aFace(100, 0.7)], reason: null, side: 100 },
  ])('answers $reason for $name', ({ faces, reason, side }) => {
    const choice = chooseFace(faces);
    expect(choice.reason).toBe(reason);
    expect(choice.face?.box.width).toBe(side);
  });
});
