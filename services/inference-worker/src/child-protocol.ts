/** What supervisor and child say to each other over IPC. Frames travel as bytes, results as numbers and codes. */
import type { FrameScore } from '@livegate/domain/verdict';

export type ChildRequest = { frames: Uint8Array[] };

export type ChildMessage =
  | { kind: 'ready'; profile: string }
  | { kind: 'scored'; frames: FrameScore[] }
  /** An error of the engine that ended no process. */
  | { kind: 'failed'; message: string };

/** How the child is told which models to open: argv[2], as JSON. */
export type ChildSettings = { profile: 'baseline' | 'recommended'; modelsDir: string };
