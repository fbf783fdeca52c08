import { createHintFilter, type Hint, hintFor, type Sight } from '../guidance.ts';
import { type FoundFace, openDetector } from './detect-faces.ts';
import { measureLight, toStage } from './see-stage.ts';

// Four looks a second: the words change no faster, and a phone stays cool.
const LOOK_EVERY_MS = 250;

/** What is good must stay so for this long before pictures are taken without a word: time to read, and to say no. */
const GOOD_FOR_MS = 2_000;

type Watch = {
  video: HTMLVideoElement;
  modelUrl: string;
  onHint: (hint: Hint | null) => void;
  /** Asked at every look: nobody is to be overtaken by a start that they did not ask for. */
  mayStart: () => boolean;
  signal: AbortSignal;
};

/**
 * Watches the preview and says what to change. Resolves once all has been good for a while and pictures may be taken without
 * a word, or when it is aborted.
 */
export async function watchPreview({ video, modelUrl, onHint, mayStart, signal }: Watch): Promise<'good' | 'aborted'> {
  const detector = await openDetector(modelUrl);
  const filter = createHintFilter(() => performance.now());
  let before: FoundFace | undefined;
  let goodSince: number | null = null;
  try {
    while (!signal.aborted) {
      const faces = await detector.find(video);
      const [face] = [...faces].sort((a, b) => b.width - a.width);
      const light = measureLight(video, face);
      const sight: Sight = {
        faces: toStage(faces, { width: video.videoWidth, height: video.videoHeight }),
        faceLuma: light.face,
        aroundLuma: light.around,
        shift: shiftOf(before, face),
      };
      before = face;
      const hint = filter.next(hintFor(sight));
      if (signal.aborted) break;
      onHint(hint);
      goodSince = hint === 'good' && mayStart() ? (goodSince ?? performance.now()) : null;
      if (goodSince !== null && performance.now() - goodSince >= GOOD_FOR_MS) return 'good';
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    return 'aborted';
  } finally {
    await detector.close();
  }
}

function shiftOf(before: FoundFace | undefined, after: FoundFace | undefined): number {
  if (!before || !after) return 0;
  const across = after.left + after.width / 2 - before.left - before.width / 2;
  const down = after.top + after.height / 2 - before.top - before.height / 2;
  return Math.hypot(across, down) / after.width;
}
