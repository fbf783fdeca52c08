/** Where eyes, nose and outline of a face are. */
import { clampedRegion } from './crop-face.ts';
import type { Picture } from './decode-image.ts';
import type { Box } from './face-box.ts';
import { toLuma } from './luma.ts';
import type { LandmarkModel } from './manifest.ts';
import type { OnnxSession } from './onnx-session.ts';
import { resampleToSharedPlanes } from './resample.ts';

/** An opened landmark model. */
export type Landmarker = { model: LandmarkModel; session: OnnxSession };

/** Horizontal positions of the 68 points of iBUG 300-W, in fractions of the face box. */
export type LandmarkColumns = Float32Array;

/** Locates the points in the detector's box itself, without margin, as the model was published. */
export async function locateLandmarks(work: {
  landmarker: Landmarker;
  picture: Picture;
  face: Box;
}): Promise<LandmarkColumns> {
  const { model, session } = work.landmarker;
  const [, , height, width] = model.input.shape;
  const region = clampedRegion({ face: work.face, picture: work.picture, scale: 1 });
  const planes = resampleToSharedPlanes({
    picture: work.picture,
    region,
    size: { width, height },
    kernel: region.width > width ? 'area' : 'bilinear',
    format: { colour: 'rgb', mean: model.input.mean, std: model.input.std },
  });
  const outputs = await session.run(toLuma(planes), model.input.shape);
  const points = Object.values(outputs)[0] as Float32Array;
  return points.filter((_, index) => index % 2 === 0);
}
