/** Which face a frame is about. */
import type { DetectedFace } from './detector.ts';
import { areaOf } from './face-box.ts';

export type Choice = { face: DetectedFace; reason: null } | { face: null; reason: 'NO_FACE' | 'MULTIPLE_FACES' };

/**
 * A face of less than a quarter of the area, half the width, belongs to someone at twice the distance: a bystander.
 * Anything larger could be the one meant.
 */
const BYSTANDER_AREA = 0.25;

/** The one dominant face, or the reason why there is none. */
export function chooseFace(faces: readonly DetectedFace[]): Choice {
  const [largest, second] = [...faces].sort((a, b) => areaOf(b.box) - areaOf(a.box));
  if (!largest) return { face: null, reason: 'NO_FACE' };
  const hasRival = second !== undefined && areaOf(second.box) >= BYSTANDER_AREA * areaOf(largest.box);
  return hasRival ? { face: null, reason: 'MULTIPLE_FACES' } : { face: largest, reason: null };
}
