/** A detector answers several times for one face; this keeps one answer. */
import type { DetectedFace } from './detector.ts';
import { areaOf, type Box, sharedArea } from './face-box.ts';

/** Usual for face detectors; faces side by side overlap less. */
const MAX_IOU = 0.3;

/** A box mostly inside a better one is the same face seen at another scale, though the union is large. */
const MAX_CONTAINED = 0.7;

/** The most confident of each group of overlapping faces, the most confident first. */
export function suppressOverlaps(faces: readonly DetectedFace[]): DetectedFace[] {
  const kept: DetectedFace[] = [];
  for (const face of [...faces].sort((a, b) => b.confidence - a.confidence)) {
    if (!kept.some((better) => isSameFace(better.box, face.box))) kept.push(face);
  }
  return kept;
}

function isSameFace(a: Box, b: Box): boolean {
  const shared = sharedArea(a, b);
  const smaller = Math.min(areaOf(a), areaOf(b));
  return shared > MAX_IOU * (areaOf(a) + areaOf(b) - shared) || shared > MAX_CONTAINED * smaller;
}
