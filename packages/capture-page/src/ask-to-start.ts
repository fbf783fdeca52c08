import { throwIfAborted } from './abort-reason.ts';
import { type Camera, listCameras } from './camera.ts';
import type { CheckStatus } from './check-status.ts';
import type { Choice, PageView } from './page-view.ts';
import type { Screen } from './screens.ts';
import { unlessAborted } from './waiting.ts';

type Asking = { view: PageView; ready: Screen; status: CheckStatus; camera: Camera; signal: AbortSignal };

/** The person before the open camera: what they choose, or a start once all is good; the signal's reason when interrupted. */
export async function askToStart({
  view,
  ready,
  status,
  camera,
  signal,
}: Asking): Promise<Choice | { camera: string }> {
  const cameras = await listCameras();
  throwIfAborted(signal);
  const chosen = view.show(ready);
  const other = view.offerCameras(cameras, camera.deviceId).then((deviceId) => ({ camera: deviceId }));
  const watching = new AbortController();
  try {
    const allIsGood = untilAllIsGood({ view, status, signal: watching.signal });
    return await unlessAborted(Promise.race([chosen, other, allIsGood]), signal);
  } finally {
    watching.abort();
    view.setHint(null);
  }
}

type Watching = { view: PageView; status: CheckStatus; signal: AbortSignal };

/** Pictures are taken without a word when nothing is left to say. Without the detector the person starts them. */
async function untilAllIsGood({ view, status, signal }: Watching): Promise<'primary'> {
  const { detectorUrl, state } = status;
  const seen = detectorUrl
    ? await import('./guide/watch-preview.ts')
        .then(({ watchPreview }) =>
          watchPreview({
            video: view.video,
            modelUrl: detectorUrl,
            onHint: view.setHint,
            // After a try that did not count people are to read why first, and some could not do what was asked.
            mayStart: () => state !== 'retry' && !view.isAtControl(),
            signal,
          }),
        )
        .catch(() => 'aborted' as const)
    : 'aborted';
  return seen === 'good' ? 'primary' : new Promise(() => {});
}
