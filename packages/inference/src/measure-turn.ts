/** How far a face is turned to the side, from where its nose lies. */
import type { Landmarks } from './locate-landmarks.ts';

/** Points of iBUG 300-W: the outline at both ears, the tip of the nose, the corners and lids of both eyes. */
const OUTLINE_LEFT = 0;
const OUTLINE_RIGHT = 16;
const NOSE_TIP = 30;
const LEFT_EYE = [36, 37, 38, 39, 40, 41];
const RIGHT_EYE = [42, 43, 44, 45, 46, 47];

/**
 * 0 when the nose lies in the middle, 1 when it has reached one side; positive towards the right of the picture.
 * Measured twice, between the ears and between the eyes: the smaller of the two counts, and 0 when they disagree
 * about the side, because then the points are wrong and not the pose.
 */
export function measureTurn({ points }: Pick<Landmarks, 'points'>): number {
  const columnOf = (point: number) => points[2 * point] as number;
  const meanOf = (group: readonly number[]) => group.reduce((sum, point) => sum + columnOf(point), 0) / group.length;
  const nose = columnOf(NOSE_TIP);
  const outline = asymmetry(columnOf(OUTLINE_LEFT), nose, columnOf(OUTLINE_RIGHT));
  const eyes = asymmetry(meanOf(LEFT_EYE), nose, meanOf(RIGHT_EYE));
  if (outline * eyes <= 0) return 0;
  return Math.sign(outline) * Math.min(Math.abs(outline), Math.abs(eyes));
}

function asymmetry(left: number, nose: number, right: number): number {
  return right > left ? (2 * nose - left - right) / (right - left) : 0;
}
