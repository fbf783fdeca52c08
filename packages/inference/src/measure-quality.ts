/** Size, place, light and detail of a face in a picture. */
import type { Picture } from './decode-image.ts';
import { areaOf, type Box, shareOutside } from './face-box.ts';
import { toLuma } from './luma.ts';
import { resampleToPlanes } from './resample.ts';

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
  /** The same at 48 px width: what is left when only fine detail is missing. */
  coarseSharpness: number;
  /** The shorter side of the picture, in pixels. */
  shortSide: number;
};

/** Width at which sharpness is measured, so that it does not depend on the camera's resolution (models.md). */
const LUMA_WIDTH = 96;
const COARSE_WIDTH = 48;

/** Measures one face. */
export function measureQuality(picture: Picture, face: Box): FaceQuality {
  const region = visiblePixels(picture, face);
  const luma = lumaOf(picture, region, LUMA_WIDTH);
  const faceSide = Math.sqrt(areaOf(face));
  const margins = [face.x, face.y, picture.width - face.x - face.width, picture.height - face.y - face.height];
  return {
    faceSide,
    frameShare: Math.max(face.width / picture.width, face.height / picture.height),
    outsideShare: shareOutside(face, picture),
    edgeDistance: Math.min(...margins) / faceSide,
    aspect: region.width / region.height,
    luma: mean(luma.values),
    overexposedShare: luma.values.filter((value) => value >= 250).length / luma.values.length,
    sharpness: Math.log(0.1 + meanLaplacian(luma)),
    coarseSharpness: Math.log(0.1 + meanLaplacian(lumaOf(picture, region, COARSE_WIDTH))),
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

function lumaOf(picture: Picture, region: Box, width: number): Luma {
  const height = Math.round((width * region.height) / region.width);
  // Bounded: a sliver of a box at the edge must not ask for a picture of any height.
  const size = { width, height: Math.min(Math.max(height, 3), 4 * width) };
  const planes = resampleToPlanes({
    picture,
    region,
    size,
    kernel: region.width > width ? 'area' : 'bilinear',
    format: { colour: 'rgb', mean: 0, std: 1 },
  });
  return { ...size, values: toLuma(planes) };
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

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
