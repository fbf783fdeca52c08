import type { FramePlan } from './frame-plan.ts';

/** A size in pixels. */
export type Size = { width: number; height: number };

// A larger picture adds bytes and no evidence: the models look at 80 to 128 pixels of face.
const LONG_SIDE_LIMIT = 1_280;

/**
 * The size a frame is drawn at: the camera's own, scaled down to the long-side limit, but never below the plan's
 * minimum when the camera offers it, and to just that on a slow line. Never enlarged: invented pixels are no evidence.
 */
export function chooseFrameSize(
  camera: Size,
  { isSlow, ...plan }: Pick<FramePlan, 'minWidth' | 'minHeight'> & { isSlow: boolean },
): Size {
  const long = Math.max(camera.width, camera.height);
  const short = Math.min(camera.width, camera.height);
  // A phone held upright gives 480x640 where 640x480 is asked for: the minimum is meant by side, not by axis.
  const longMinimum = Math.max(plan.minWidth, plan.minHeight);
  const shortMinimum = Math.min(plan.minWidth, plan.minHeight);
  const factor = Math.min(1, Math.max((isSlow ? 0 : LONG_SIDE_LIMIT) / long, longMinimum / long, shortMinimum / short));
  return { width: Math.round(camera.width * factor), height: Math.round(camera.height * factor) };
}
