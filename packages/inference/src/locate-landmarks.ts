/** Where eyes, nose and outline of a face are. */
import { clampedRegion } from './crop-face.ts';
import type { Picture } from './decode-image.ts';
import type { Box } from './face-box.ts';
import { toLuma } from './luma.ts';
import type { LandmarkModel } from './manifest.ts';
import type { OnnxSession } from './onnx-session.ts';
import { resampleToPlanes } from './resample.ts';

/** An opened landmark model. */
export type Landmarker = { model: LandmarkModel; session: OnnxSession };

/** What the landmark model saw, and the points it found there. */
export type Landmarks = {
  /** x and y of the 68 points of iBUG 300-W, in fractions of the square that the model saw. */
  points: Float32Array;
  /** Red, green and blue of that square, from 0 up in a unit of the model's own. */
  planes: Float32Array;
  /** Side of the square in pixels of the planes. */
  size: number;
};

/** Locates the points in the detector's box itself, without margin, as the model was published. */
export async function locateLandmarks(work: {
  landmarker: Landmarker;
  picture: Picture;
  face: Box;
}): Promise<Landmarks> {
  const { model, session } = work.landmarker;
  const [, , height, width] = model.input.shape;
  const region = clampedRegion({ face: work.face, picture: work.picture, scale: 1 });
  // Of our own: they are looked at after the model has run, when others may have resampled.
  const planes = resampleToPlanes({
    picture: work.picture,
    region,
    size: { width, height },
    kernel: region.width > width ? 'area' : 'bilinear',
    format: { colour: 'rgb', mean: model.input.mean, std: model.input.std },
  });
  const outputs = await session.run(toLuma(planes), model.input.shape);
  return { points: Object.values(outputs)[0] as Float32Array, planes, size: width };
}
