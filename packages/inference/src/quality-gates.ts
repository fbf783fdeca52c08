/** Whether the face can be scored at all. A gate gives a reason, never an attack: it says nothing about the person. */
import type { ReasonCode } from '@livegate/domain/reasons';
import type { FaceCover } from './measure-cover.ts';
import type { FaceQuality } from './measure-quality.ts';

/** What the gates look at: the measures of the face, how far it is turned (see measureTurn), and what covers it. */
export type GatedQuality = FaceQuality & FaceCover & { turn: number };

type Gate = { reason: ReasonCode; refuses: (quality: GatedQuality) => boolean };

/** THE table of gates, in the order in which a person should be told. Measured on the development set (README). */
const GATES: readonly Gate[] = [
  // The nets hold their accuracy down to about 80 px (models.md); live faces of the development set start at 92.
  { reason: 'FACE_TOO_SMALL', refuses: ({ faceSide }) => faceSide < 60 },
  // Larger than the frame: the wide crops have no context left. 6 of 450 live images.
  { reason: 'FACE_TOO_LARGE', refuses: ({ frameShare }) => frameShare > 1 },
  { reason: 'FACE_CUT_OFF', refuses: isCutOff },
  // Below every live face of the development set (darkest 37), on purpose: a dark skin in dim light must not be refused.
  { reason: 'TOO_DARK', refuses: ({ luma }) => luma < 30 },
  // The brightest live face had a mean of 190 and 23 % of clipped pixels.
  { reason: 'TOO_BRIGHT', refuses: ({ luma, overexposedShare }) => luma > 225 || overexposedShare > 0.4 },
  // 3 of 450 live images and 108 of 450 prints; models.md's 1.5 cost 4 % of live images on softer cameras.
  { reason: 'BLURRED', refuses: ({ sharpness }) => sharpness < SHARP_ENOUGH },
  // Smaller than any camera of the last twenty years sends (QQVGA is 160 x 120).
  { reason: 'LOW_RESOLUTION', refuses: ({ shortSide }) => shortSide < 120 },
  { reason: 'LOW_RESOLUTION', refuses: isEnlarged },
  // 4 of 450 live images, in half profile or beyond. Below it genuine turned faces still scored as live; a nose that
  // has reached the edge of the face is a yaw of about 45 degrees.
  { reason: 'TURNED_AWAY', refuses: ({ turn }) => Math.abs(turn) > 1.15 },
  { reason: 'FACE_COVERED', refuses: isCovered },
];

const SHARP_ENOUGH = 1.35;

/**
 * Detail at 48 px but none at 96: faces of 30 to 40 px enlarged smoothly had 2.3 to 2.5 at 48 px and below 1.5 at 96,
 * heavily blurred ones 1.4 to 1.6 at 48 px. It only names a second reason for what is refused anyway, because a slightly
 * blurred large face looks the same. Repeated pixels (nearest neighbour) keep hard edges and are not seen.
 */
function isEnlarged({ sharpness, coarseSharpness }: GatedQuality): boolean {
  return sharpness < SHARP_ENOUGH && coarseSharpness > 2;
}

/**
 * Detectors either guess the part beyond the edge, or shrink the box to what is visible: then its shape gives it away.
 * 99 % of the live images have less than 0.04 outside; of their boxes at an edge 95 % have an aspect of 0.55 to 0.87.
 */
function isCutOff({ outsideShare, edgeDistance, aspect }: GatedQuality): boolean {
  return outsideShare > 0.12 || (edgeDistance < 0.05 && (aspect < 0.5 || aspect > 1.1));
}

/**
 * Dark glasses, a black mask, a coloured mask: of 450 live images of the development set nine, eight people in masks and one
 * bowed over a lowered mask, and nobody with a bare face (bare eyes have 0.39 and more, the darkest beard more than 0.42, bare mouths a tint below 0.13).
 * White masks, worn black cloth in bright light and hands are not seen.
 */
function isCovered({ eyeLight, mouthLight, mouthTint }: GatedQuality): boolean {
  return eyeLight < 0.3 || mouthLight < 0.25 || mouthTint > 0.15;
}

/** The reasons for which a face of this quality is not scored; empty when it can be. */
export function refusalsFor(quality: GatedQuality): ReasonCode[] {
  return [...new Set(GATES.filter((gate) => gate.refuses(quality)).map((gate) => gate.reason))];
}
