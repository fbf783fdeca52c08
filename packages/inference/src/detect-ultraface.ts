/** UltraFace, the baseline's detector: its input has a fixed size, so what varies is how large the picture lies in it. */
import type { Picture } from './decode-image.ts';
import type { DetectedFace, Detector } from './detector.ts';
import { areaOf, type Size } from './face-box.ts';
import type { DetectionModel } from './manifest.ts';
import type { Outputs } from './onnx-session.ts';
import { type Resampling, resampleToSharedPlanes } from './resample.ts';
import { suppressOverlaps } from './suppress-overlaps.ts';

/** UltraFace's own default; below it patterns turn up as faces. */
const MIN_CONFIDENCE = 0.7;

/**
 * How much of the input the picture fills, aspect kept, pass by pass. Stretched to the whole input, as UltraFace is usually run, it
 * missed 56 of 900 selfies of the development set and boxes had an IoU of 0.81 with YuNet's, whose boxes the recipes
 * were fitted on; at half size 20 of 900 and 0.89. A full pass finds the small faces, a third the ones cut off.
 */
export const ULTRAFACE_PASSES = [0.5, 1, 0.33] as const;

/** A face this certain, and at least this large in pixels of the input, needs no further pass. */
const SETTLED_CONFIDENCE = 0.9;
const SETTLED_SIDE = 24;

/** Faces in pixels of the picture with a confidence of at least 0.7, the most confident first. */
export async function detectWithUltraFace(detector: Detector, picture: Picture): Promise<DetectedFace[]> {
  const [firstPass, ...furtherPasses] = ULTRAFACE_PASSES;
  const first = await detectAt(firstPass, detector, picture);
  if (first.some((face) => isSettled(face, scaleAt(firstPass, detector.model, picture)))) return first;
  const further: DetectedFace[] = [];
  for (const share of furtherPasses) further.push(...(await detectAt(share, detector, picture)));
  return suppressOverlaps([...first, ...further]);
}

function isSettled({ box, confidence }: DetectedFace, scale: number): boolean {
  return confidence >= SETTLED_CONFIDENCE && Math.sqrt(areaOf(box)) * scale >= SETTLED_SIDE;
}

/** Input pixels per picture pixel when the picture fills `share` of the input. */
function scaleAt(share: number, model: DetectionModel, picture: Size): number {
  const [, , height, width] = model.input.shape;
  return share * Math.min(width / picture.width, height / picture.height);
}

async function detectAt(share: number, { model, session }: Detector, picture: Picture): Promise<DetectedFace[]> {
  const job = ultraFaceJob(share, model, picture);
  const outputs = await session.run(resampleToSharedPlanes(job), model.input.shape);
  const inputInPicturePixels = {
    width: (job.canvas.width * picture.width) / job.size.width,
    height: (job.canvas.height * picture.height) / job.size.height,
  };
  return suppressOverlaps(decodeUltraFace(outputs, inputInPicturePixels));
}

/** What to resample so that the picture fills this share of the input. */
export function ultraFaceJob(share: number, model: DetectionModel, picture: Picture): Resampling & { canvas: Size } {
  const [, , height, width] = model.input.shape;
  const scale = scaleAt(share, model, picture);
  return {
    picture,
    region: { x: 0, y: 0, width: picture.width, height: picture.height },
    size: { width: scaled(picture.width, scale), height: scaled(picture.height, scale) },
    kernel: scale < 1 ? 'area' : 'bilinear',
    format: model.input,
    canvas: { width, height },
  };
}

function scaled(side: number, scale: number): number {
  return Math.max(1, Math.round(side * scale));
}

/** Candidates from softmax scores and corners that are fractions of the input, in the pixels that `input` is given in. */
export function decodeUltraFace(outputs: Outputs, input: Size): DetectedFace[] {
  const scores = outputs.scores as Float32Array;
  const corners = outputs.boxes as Float32Array;
  const faces: DetectedFace[] = [];
  for (let prior = 0; prior * 2 < scores.length; prior++) {
    const confidence = scores[prior * 2 + 1] as number;
    if (confidence < MIN_CONFIDENCE) continue;
    const [left, top, right, bottom] = corners.subarray(prior * 4, prior * 4 + 4) as unknown as [
      number,
      number,
      number,
      number,
    ];
    const box = {
      x: left * input.width,
      y: top * input.height,
      width: (right - left) * input.width,
      height: (bottom - top) * input.height,
    };
    if (box.width > 0 && box.height > 0) faces.push({ confidence, box });
  }
  return faces;
}
