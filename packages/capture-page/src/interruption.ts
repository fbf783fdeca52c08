import type { Camera } from './camera.ts';
import { Trouble } from './trouble.ts';

/**
 * A signal that is aborted, with the trouble as its reason, when the camera goes away or the person leaves the page:
 * a camera must not stay on behind another tab, and frames of a hidden page are stale.
 */
export function watchForInterruption(camera: Camera, document: Document): { signal: AbortSignal; stop: () => void } {
  const controller = new AbortController();
  const onVisibility = () => {
    if (document.visibilityState === 'hidden') controller.abort(new Trouble('page_hidden'));
  };
  camera.onLost(() => controller.abort(new Trouble('camera_lost')));
  document.addEventListener('visibilitychange', onVisibility);
  onVisibility();
  return {
    signal: controller.signal,
    stop: () => document.removeEventListener('visibilitychange', onVisibility),
  };
}
