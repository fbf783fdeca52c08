/** What supervisor and child say to each other over IPC. Frames travel as bytes, results as numbers and codes. */
import type { DetectedFace, FrameScore } from '@livegate/domain/verdict';
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
};

/** `task` is the supervisor's number for the batch: a child on a GPU holds several. */
export type ChildRequest = { task: number; frames: Uint8Array[] };

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
};
