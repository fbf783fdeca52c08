/** Scores every presentation of a tree with the production engine, as a server would. */
import { readFile } from 'node:fs/promises';
import { CodedError } from '@livegate/domain/errors';
import type { ReasonCode } from '@livegate/domain/reasons';
import { type FrameScore, MIN_SCORED_FRAMES, summariseFrames } from '@livegate/domain/verdict';
import { decodeImage } from '../decode-image.ts';
import type { Engine } from '../engine.ts';
import type { FoundImage } from '../find-images.ts';
import type { Presentation } from './find-presentations.ts';
import { measureSkinTone } from './measure-skin-tone.ts';

/** A presentation's score or the reasons for having none, and the face's measures for the fairness figures. */
export type ScoredPresentation = {
  name: string;
  species: string | null;
  frames: number;
  score: number | null;
  reasons: ReasonCode[];
  /** Median over the frames with a face; null without one. */
  luma: number | null;
  /** Individual typology angle; measured on bona fide presentations only. */
  skinTone: number | null;
};

type Frame = FrameScore & { luma: number | null; skinTone: number | null };

/** A data set of research takes hours: once in some seconds to a minute somebody who waits is told. */
const PROGRESS_EVERY = 500;

/**
 * Files that could not be read or decoded are told to `onUnreadable`, and count as frames without a score. `onProgress`
 * hears how many presentations are done.
 */
export async function scoreTree(work: {
  engine: Pick<Engine, 'analyse'>;
  presentations: readonly Presentation[];
  onUnreadable: (file: string, fault: string) => void;
  onProgress: (done: number) => void;
}): Promise<ScoredPresentation[]> {
  const scored: ScoredPresentation[] = [];
  for (const { name, species, frames } of work.presentations) {
    const analysed: Frame[] = [];
    for (const image of frames) analysed.push(await scoreFrame(work, { image, isBonaFide: species === null }));
    // One picture is a whole presentation; of a recording as many frames must be scored as in a hosted check.
    const { score, reasons } = summariseFrames(analysed, Math.min(MIN_SCORED_FRAMES, frames.length));
    const luma = medianOf(analysed.map((frame) => frame.luma));
    const skinTone = medianOf(analysed.map((frame) => frame.skinTone));
    scored.push({ name, species, frames: frames.length, score, reasons, luma, skinTone });
    if (scored.length % PROGRESS_EVERY === 0) work.onProgress(scored.length);
  }
  return scored;
}

async function scoreFrame(
  work: { engine: Pick<Engine, 'analyse'>; onUnreadable: (file: string, fault: string) => void },
  { image, isBonaFide }: { image: FoundImage; isBonaFide: boolean },
): Promise<Frame> {
  try {
    const bytes = await readFile(image.path);
    const { score, reasons, boundingBox, quality } = await work.engine.analyse(bytes);
    const isMeasured = isBonaFide && boundingBox !== null;
    const skinTone = isMeasured ? measureSkinTone((await decodeImage(bytes)).picture, boundingBox) : null;
    return { score, reasons, boundingBox, luma: quality.luma ?? null, skinTone };
  } catch (error) {
    // A fault of the engine must stop the evaluation: counted as non-response it would look like a strict gate.
    if (!isFaultOfFile(error)) throw error;
    work.onUnreadable(image.name, (error as Error).message);
    return { score: null, reasons: ['UNREADABLE_IMAGE'], boundingBox: null, luma: null, skinTone: null };
  }
}

function isFaultOfFile(error: unknown): boolean {
  if (error instanceof CodedError) return error.code === 'unreadable_image';
  return error instanceof Error && 'syscall' in error;
}

function medianOf(values: readonly (number | null)[]): number | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
