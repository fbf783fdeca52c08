/** Which frames are kept as probe and audit images. */
import type { ScoredFrame } from '@livegate/db/frames';

type Choice = { score: number; auditImages: number; mayBeProbe?: (frame: ScoredFrame) => boolean };

/**
 * The probe is the scored frame nearest to the check's score, of those that may be it: the one that shows what the
 * verdict rests on. Audit images are spread evenly over the rest of the capture, in order of time, those with a face first.
 */
export function chooseKeptFrames(
  frames: readonly ScoredFrame[],
  { score, auditImages, mayBeProbe = () => true }: Choice,
): { probe: ScoredFrame; audit: ScoredFrame[] } {
  const distance = (frame: ScoredFrame) => Math.abs((frame.score ?? Number.POSITIVE_INFINITY) - score);
  const candidates = frames.filter((frame) => frame.score !== null && mayBeProbe(frame));
  const probe = (candidates.length > 0 ? candidates : frames).reduce((best, frame) =>
    distance(frame) < distance(best) ? frame : best,
  );
  const others = frames.filter((frame) => frame !== probe);
  const withFace = others.filter((frame) => frame.boundingBox);
  const pool = withFace.length >= auditImages ? withFace : others;
  return { probe, audit: spread(pool, auditImages) };
}

function spread<T>(items: readonly T[], count: number): T[] {
  const wanted = Math.min(count, items.length);
  return Array.from({ length: wanted }, (_, index) => items[Math.floor(((index + 0.5) * items.length) / wanted)] as T);
}
