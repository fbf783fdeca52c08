/** Cuts the face out as each model was trained to see it. */
import type { Picture } from './decode-image.ts';
import { type Box, type Size, shareOutside } from './face-box.ts';
import type { PresentationModel } from './manifest.ts';
import { type Gains, type Resampling, resampleToSharedPlanes } from './resample.ts';
import type { Kernel } from './resample-taps.ts';

/** A model's input planes for one scale, and the share from 0 to 1 of the crop that lies outside the picture. */
export type FaceCrop = { planes: Float32Array; outsideShare: number };

/** `gains`: see balance-white.ts; colours stay as they are without. */
type CropWork = { picture: Picture; face: Box; model: PresentationModel; scale: number; gains?: Gains };

/** The model's input for one of its scales, in planes that the next crop overwrites (see resampleToSharedPlanes). */
export function cropFace(work: CropWork): FaceCrop {
  const { picture, face, model, scale } = work;
  const planes = resampleToSharedPlanes(cropJob(work));
  return { planes, outsideShare: model.crop.fit === 'square' ? shareOutside(exactSquare(face, scale), picture) : 0 };
}

/** What to resample for it. */
export function cropJob({ picture, face, model, scale, gains }: CropWork): Resampling {
  const [, , height, width] = model.input.shape;
  const region = model.crop.fit === 'clamped' ? clampedRegion({ face, picture, scale }) : squareRegion({ face, scale });
  const kernel = kernelFor(model, region);
  return { picture, region, size: { width, height }, kernel, format: model.input, ...(gains ? { gains } : {}) };
}

/**
 * Minivision's crop: the scale is reduced rather than leaving the picture, the box keeps its aspect, and a crop that
 * would still leave the picture is moved inside. Truncated to integers, the last row and column included, as in the
 * preprocessing its weights were trained with.
 */
export function clampedRegion({ face, picture, scale }: { face: Box; picture: Size; scale: number }): Box {
  const possible = Math.min((picture.height - 1) / face.height, (picture.width - 1) / face.width, scale);
  const x = clampedSpan({ start: face.x, length: face.width, scale: possible, limit: picture.width });
  const y = clampedSpan({ start: face.y, length: face.height, scale: possible, limit: picture.height });
  return { x: x.start, y: y.start, width: x.length, height: y.length };
}

function clampedSpan(axis: { start: number; length: number; scale: number; limit: number }) {
  const length = axis.length * axis.scale;
  const centred = axis.start + axis.length / 2 - length / 2;
  const first = Math.min(Math.max(centred, 0), axis.limit - 1 - length);
  const start = Math.max(0, Math.trunc(first));
  return { start, length: Math.min(Math.trunc(first + length), axis.limit - 1) - start + 1 };
}

/** The square crop: side `scale` times the longer side of the box, about its centre, black outside the picture. */
export function squareRegion({ face, scale }: { face: Box; scale: number }): Box {
  const exact = exactSquare(face, scale);
  const side = Math.max(1, Math.trunc(exact.width));
  return { x: Math.trunc(exact.x), y: Math.trunc(exact.y), width: side, height: side };
}

function exactSquare(face: Box, scale: number): Box {
  const side = Math.max(face.width, face.height) * scale;
  return { x: face.x + face.width / 2 - side / 2, y: face.y + face.height / 2 - side / 2, width: side, height: side };
}

/** Minivision's nets were trained without antialias; the square crops were measured with an area mean (models.md). */
function kernelFor(model: PresentationModel, region: Box): Kernel {
  const [, , , inputWidth] = model.input.shape;
  return model.crop.fit === 'square' && region.width > inputWidth ? 'area' : 'bilinear';
}
