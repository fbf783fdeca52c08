/** Size, place, light and detail of a face in a picture. */
import type { Picture } from './decode-image.ts';
import { areaOf, type Box, shareOutside } from './face-box.ts';
import { toLuma } from './luma.ts';
import { resampleToSharedPlanes } from './resample.ts';

/** Raw measures of one face in one picture, for gates and for telemetry. */
export type FaceQuality = {
  /** Square root of the box's area, in pixels of the decoded picture. */
  faceSide: number;
  /** Longest face side by the picture's side in that direction, the larger of the two. */
  frameShare: number;
  /** Share of the box outside the picture, 0 to 1. */
  outsideShare: number;
  /** Distance of the box to the nearest edge of the picture by faceSide; negative outside. */
  edgeDistance: number;
  /** Width by height of the part of the box inside the picture. */
  aspect: number;
  /** Mean luma of the face, 0 to 255. */
  luma: number;
  /** Share of the face's pixels with a luma of at least 250. */
  overexposedShare: number;
  /** ln(0.1 + mean absolute 4-neighbour Laplacian) of the face's luma at 96 px width; sharper is larger. */
  sharpness: number;
  /** The same at half that width: what is left when only fine detail is missing. */
  coarseSharpness: number;
  /** The shorter side of the picture, in pixels. */
  shortSide: number;
};

/** Width at which sharpness is measured, so that it does not depend on the camera's resolution (models.md). */
const LUMA_WIDTH = 96;

/** Measures one face. */
export function measureQuality(picture: Picture, face: Box): FaceQuality {
  const region = visiblePixels(picture, face);
  const luma = lumaOf(picture, region);
  const faceSide = Math.sqrt(areaOf(face));
  const margins = [face.x, face.y, picture.width - face.x - face.width, picture.height - face.y - face.height];
  return {
    faceSide,
    frameShare: Math.max(face.width / picture.width, face.height / picture.height),
    outsideShare: shareOutside(face, picture),
    edgeDistance: Math.min(...margins) / faceSide,
    aspect: region.width / region.height,
    luma: mean(luma.values),
    overexposedShare: shareFrom(luma.values, 250),
    sharpness: Math.log(0.1 + meanLaplacian(luma)),
    coarseSharpness: Math.log(0.1 + meanLaplacian(halve(luma))),
    shortSide: Math.min(picture.width, picture.height),
  };
}

type Luma = { width: number; height: number; values: Float32Array };

/** The part of the face inside the picture, in whole pixels, at least one. */
function visiblePixels(picture: Picture, face: Box): Box {
  const x = clamp(Math.floor(face.x), picture.width - 1);
  const y = clamp(Math.floor(face.y), picture.height - 1);
  const right = Math.min(picture.width, Math.round(face.x + face.width));
  const bottom = Math.min(picture.height, Math.round(face.y + face.height));
  return { x, y, width: Math.max(1, right - x), height: Math.max(1, bottom - y) };
}

function clamp(value: number, highest: number): number {
  return Math.min(Math.max(value, 0), highest);
}

function lumaOf(picture: Picture, region: Box): Luma {
  const height = Math.round((LUMA_WIDTH * region.height) / region.width);
  // Bounded: a sliver of a box at the edge must not ask for a picture of any height. At least what two Laplacians need.
  const size = { width: LUMA_WIDTH, height: Math.min(Math.max(height, 6), 4 * LUMA_WIDTH) };
  const planes = resampleToSharedPlanes({
    picture,
    region,
    size,
    kernel: region.width > LUMA_WIDTH ? 'area' : 'bilinear',
    format: { colour: 'rgb', mean: 0, std: 1 },
  });
  return { ...size, values: toLuma(planes) };
}

/** Means of two by two. */
function halve({ width, height, values }: Luma): Luma {
  const half = { width: width >> 1, height: height >> 1 };
  const halved = new Float32Array(half.width * half.height);
  for (let y = 0, to = 0; y < half.height; y++) {
    for (let at = 2 * y * width, x = 0; x < half.width; x++, at += 2, to++) {
      const above = (values[at] as number) + (values[at + 1] as number);
      halved[to] = (above + (values[at + width] as number) + (values[at + width + 1] as number)) / 4;
    }
  }
  return { ...half, values: halved };
}

function meanLaplacian({ width, height, values }: Luma): number {
  let sum = 0;
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      const around =
        (values[at - 1] as number) +
        (values[at + 1] as number) +
        (values[at - width] as number) +
        (values[at + width] as number);
      sum += Math.abs(around - 4 * (values[at] as number));
    }
  }
  return sum / ((width - 2) * (height - 2));
}

// Loops, not reduce and filter: on typed arrays these cost more than the resampling.
function mean(values: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at] as number;
  return sum / values.length;
}

function shareFrom(values: Float32Array, lowest: number): number {
  let count = 0;
  for (let at = 0; at < values.length; at++) if ((values[at] as number) >= lowest) count++;
  return count / values.length;
}
