/** UltraFace, the baseline's detector: one pass at a fixed size, the picture stretched to it as in its training. */
import type { Picture } from './decode-image.ts';
import type { DetectedFace, Detector } from './detect-face.ts';
import type { Size } from './face-box.ts';
import type { Outputs } from './onnx-session.ts';
import { resampleToPlanes } from './resample.ts';
import { suppressOverlaps } from './suppress-overlaps.ts';

/** UltraFace's own default; below it patterns turn up as faces. */
const MIN_CONFIDENCE = 0.7;

/** Faces in pixels of the picture with a confidence of at least 0.7, the most confident first. */
export async function detectWithUltraFace({ model, session }: Detector, picture: Picture): Promise<DetectedFace[]> {
  const [, , height, width] = model.input.shape;
  const planes = resampleToPlanes({
    picture,
    region: { x: 0, y: 0, width: picture.width, height: picture.height },
    size: { width, height },
    kernel: 'area',
    format: model.input,
  });
  return suppressOverlaps(decodeUltraFace(await session.run(planes, model.input.shape), picture));
}

/** Candidates in pixels of the picture: the outputs hold softmax scores and corners as fractions. */
export function decodeUltraFace(outputs: Outputs, picture: Size): DetectedFace[] {
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
      x: left * picture.width,
      y: top * picture.height,
      width: (right - left) * picture.width,
      height: (bottom - top) * picture.height,
    };
    if (box.width > 0 && box.height > 0) faces.push({ confidence, box });
  }
  return faces;
}
