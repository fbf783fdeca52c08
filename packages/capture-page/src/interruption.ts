import { abortFor } from './abort-reason.ts';
import type { Camera } from './camera.ts';
import { Trouble, type TroubleCode } from './trouble.ts';

/** What ends a capture before its time. */
export type Interruption = {
  /** Aborted with the trouble as its reason. */
  signal: AbortSignal;
  interrupt: (code: TroubleCode) => void;
  /** What comes later interrupts nothing: all pictures are taken. */
  stop: () => void;
};

/**
 * Interrupts when the camera goes away or the person leaves the page: a camera must not stay on behind another tab, and
 * frames of a hidden page are stale.
 */
export function watchForInterruption(camera: Camera, document: Document): Interruption {
  const controller = new AbortController();
  let isWatched = true;
  const interrupt = (code: TroubleCode) => {
    if (isWatched) abortFor(controller, new Trouble(code));
  };
  const onVisibility = () => {
    if (document.visibilityState === 'hidden') interrupt('page_hidden');
  };
  camera.onLost(() => interrupt('camera_lost'));
  document.addEventListener('visibilitychange', onVisibility);
  onVisibility();
  return {
    signal: controller.signal,
    interrupt,
    stop: () => {
      isWatched = false;
      document.removeEventListener('visibilitychange', onVisibility);
    },
  };
}
