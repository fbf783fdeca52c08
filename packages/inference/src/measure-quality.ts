/** Whether the face can be scored at all. A gate gives a reason, never an attack: it says nothing about the person. */
import type { ReasonCode } from '@livegate/domain/reasons';
import type { Picture } from './decode-image.ts';
import { areaOf, type Box, shareOutside } from './face-box.ts';
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
    overexposedShare: luma.values.filter((value) => value >= 250).length / luma.values.length,
    sharpness: Math.log(0.1 + meanLaplacian(luma)),
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

/** Luma of a region, 96 px wide. */
function lumaOf(picture: Picture, region: Box): Luma {
  const height = Math.round((LUMA_WIDTH * region.height) / region.width);
  // Bounded: a sliver of a box at the edge must not ask for a picture of any height.
  const size = { width: LUMA_WIDTH, height: Math.min(Math.max(height, 3), 4 * LUMA_WIDTH) };
  const planes = resampleToPlanes({
    picture,
    region,
    size,
    kernel: region.width > LUMA_WIDTH ? 'area' : 'bilinear',
    format: { colour: 'rgb', mean: 0, std: 1 },
  });
  const pixels = areaOf(size);
  const values = new Float32Array(pixels);
  for (let at = 0; at < pixels; at++) {
    // Rec. 601, as the measurements in models.md.
    values[at] =
      0.299 * (planes[at] as number) +
      0.587 * (planes[pixels + at] as number) +
      0.114 * (planes[2 * pixels + at] as number);
  }
  return { ...size, values };
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

type Gate = { reason: ReasonCode; refuses: (quality: FaceQuality) => boolean };

/** THE table of gates, in the order in which a person should be told. Measured on the development set (README). */
const GATES: readonly Gate[] = [
  // The nets hold their accuracy down to about 80 px (models.md); live faces of the development set start at 92.
  { reason: 'FACE_TOO_SMALL', refuses: ({ faceSide }) => faceSide < 60 },
  // Larger than the frame: the wide crops have no context left. 4 of 450 live images.
  { reason: 'FACE_TOO_LARGE', refuses: ({ frameShare }) => frameShare > 1 },
  { reason: 'FACE_CUT_OFF', refuses: isCutOff },
  // Below every live face of the development set (darkest 37), on purpose: a dark skin in dim light must not be refused.
  { reason: 'TOO_DARK', refuses: ({ luma }) => luma < 30 },
  // The brightest live face had a mean of 190 and 23 % of clipped pixels.
  { reason: 'TOO_BRIGHT', refuses: ({ luma, overexposedShare }) => luma > 225 || overexposedShare > 0.4 },
  // 3 of 450 live images and 132 of 450 prints; models.md's 1.5 cost 4 % of live images on softer cameras.
  { reason: 'BLURRED', refuses: ({ sharpness }) => sharpness < 1.4 },
];

/**
 * Detectors either guess the part beyond the edge, or shrink the box to what is visible: then its shape gives it away.
 * 99 % of the live images have less than 0.04 outside; of their boxes at an edge 95 % have an aspect of 0.55 to 0.87.
 */
function isCutOff({ outsideShare, edgeDistance, aspect }: FaceQuality): boolean {
  return outsideShare > 0.12 || (edgeDistance < 0.05 && (aspect < 0.5 || aspect > 1.1));
}

/** The reasons for which a face of this quality is not scored; empty when it can be. */
export function refusalsFor(quality: FaceQuality): ReasonCode[] {
  return GATES.filter((gate) => gate.refuses(quality)).map((gate) => gate.reason);
}
