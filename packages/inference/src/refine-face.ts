/**
 * A steadier box for the chosen face: the mean of the first look and of a second one at its surroundings. A detector's
 * box moves by some pixels with every change of size or compression, and the nets' votes move with their crops; the mean
 * of two moves less, and the second look sees every face at the same size (ablation: README).
 */
import type { Picture } from './decode-image.ts';
import { lookAgainWithYunet } from './detect-yunet.ts';
import type { Detector } from './detector.ts';
import type { Box } from './face-box.ts';

/** The refined box in pixels of the picture; the given one where the second look finds no face. */
export async function refineFace(work: { detector: Detector; picture: Picture; face: Box }): Promise<Box> {
  const { detector, picture, face } = work;
  const again = await lookAgain(detector, picture, face);
  return again ? meanBox(face, again) : face;
}

function lookAgain(detector: Detector, picture: Picture, face: Box): Promise<Box | null> {
  switch (detector.model.decoder) {
    case 'yunet':
      return lookAgainWithYunet(detector, picture, face);
    // UltraFace's boxes gained little by it, for a pass that costs four times YuNet's.
    case 'ultraface':
      return Promise.resolve(null);
  }
}

function meanBox(a: Box, b: Box): Box {
  return {
    x: (a.x + b.x) / 2,
    y: (a.y + b.y) / 2,
    width: (a.width + b.width) / 2,
    height: (a.height + b.height) / 2,
  };
}
