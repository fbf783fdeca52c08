/** Finds faces with the profile's detector. */
import type { Picture } from './decode-image.ts';
import { detectWithUltraFace } from './detect-ultraface.ts';
import { detectWithYunet } from './detect-yunet.ts';
import type { DetectedFace, Detector } from './detector.ts';

/** All faces the detector is reasonably sure of, the most confident first, each found once. */
export function detectFaces(detector: Detector, picture: Picture): Promise<DetectedFace[]> {
  switch (detector.model.decoder) {
    case 'yunet':
      return detectWithYunet(detector, picture);
    case 'ultraface':
      return detectWithUltraFace(detector, picture);
  }
}
