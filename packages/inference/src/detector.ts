/** What every detector takes and gives. */
import type { Box } from './face-box.ts';
import type { DetectionModel } from './manifest.ts';
import type { OnnxSession } from './onnx-session.ts';

/** A face in pixels of the picture, which it may reach outside of, and the detector's confidence from 0 to 1. */
export type DetectedFace = { box: Box; confidence: number };

/** An opened detection model. */
export type Detector = { model: DetectionModel; session: OnnxSession };
