/** Finds faces with the profile's detector. */
import type { Picture } from './decode-image.ts';
import { detectWithUltraFace } from './detect-ultraface.ts';
import { detectWithYunet } from './detect-yunet.ts';
import type { Box } from './face-box.ts';
import type { DetectionModel } from './manifest.ts';
import type { OnnxSession } from './onnx-session.ts';

/** A face in pixels of the picture, which it may reach outside of, and the detector's confidence from 0 to 1. */
export type DetectedFace = { box: Box; confidence: number };

/** An opened detector. */
export type Detector = { model: DetectionModel; session: OnnxSession };

/** All faces the detector is reasonably sure of, the most confident first, each found once. */
export function detectFaces(detector: Detector, picture: Picture): Promise<DetectedFace[]> {
  switch (detector.model.decoder) {
    case 'yunet':
      return detectWithYunet(detector, picture);
    case 'ultraface':
      return detectWithUltraFace(detector, picture);
  }
}
