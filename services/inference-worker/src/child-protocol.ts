/** What supervisor and child say to each other over IPC. Frames travel as bytes, results as numbers and codes. */
import type { HeadObservation } from '@livegate/domain/challenge';
import type { BoundingBox, DetectedFace, FrameScore } from '@livegate/domain/verdict';
import type { Provider } from '@livegate/inference/provider';

/**
 * A frame's score with what its picture was; the facts are null when it could not be read. `shadowScores`: what candidates
 * would have said, by name, for metrics only.
 */
export type FrameFinding = FrameScore & {
  width: number | null;
  height: number | null;
  faces: DetectedFace[] | null;
  shadowScores: Record<string, number | null>;
  /** For telemetry alone: milliseconds by stage, and raw measures of the chosen face. */
  timings?: Record<string, number>;
  quality?: Record<string, number>;
  /** Only in a capture with a challenge. */
  head?: HeadObservation | null;
  /** How the picture looks from afar, 8 bytes; likewise. */
  look?: Uint8Array | null;
};

/** That heads are to be observed, and the frame against which their motion is measured, if there is one yet. */
export type HeadRequest = { reference: { image: Uint8Array; face: BoundingBox } | null };

/** The frames of one batch, in order. */
export type BatchRequest = { frames: Uint8Array[]; heads?: HeadRequest | undefined };

/** `task` is the supervisor's number for the batch: a child on a GPU holds several. */
export type ChildRequest = BatchRequest & { task: number };

export type ChildMessage =
  | { kind: 'ready'; profile: string }
  | { kind: 'scored'; task: number; frames: FrameFinding[] }
  /** An error of the engine that ended no process. */
  | { kind: 'failed'; task: number; message: string };

/** How the child is told which models to open, and where: argv[2], as JSON. */
export type ChildSettings = {
  profile: 'baseline' | 'recommended';
  modelsDir: string;
  manifest: string | null;
  provider: Provider;
  /** Whether the model of head motion is opened, for challenges. */
  observesHeads: boolean;
};
