/** The story of one frame: decode, find the faces, choose one, check that it can be scored, score it. */
import type { BoundingBox, FrameScore } from '@livegate/domain/verdict';
import { chooseFace } from './choose-face.ts';
import { type DecodedImage, decodeImage } from './decode-image.ts';
import { detectFaces } from './detect-face.ts';
import type { DetectedFace, Detector } from './detector.ts';
import { type Box, toFractions } from './face-box.ts';
import { type Landmarker, locateLandmarks } from './locate-landmarks.ts';
import type { Recipe } from './manifest.ts';
import { measureQuality } from './measure-quality.ts';
import { measureTurn } from './measure-turn.ts';
import { refusalsFor } from './quality-gates.ts';
import { gatherEvidence, type Scorer, scoreEvidence } from './score-presentation.ts';
import { type StageTimings, startStages } from './stage-timings.ts';

/** Opened models of one profile. */
export type Analyser = { detector: Detector; landmarker: Landmarker; scorers: readonly Scorer[]; recipe: Recipe };

/** One frame's score with what led to it. Boxes are fractions of the frame, clipped to it. */
export type FrameAnalysis = FrameScore & {
  /** Pixels of the upload after EXIF orientation. */
  width: number;
  height: number;
  faces: { boundingBox: BoundingBox; confidence: number }[];
  /** Raw measures of the chosen face (see FaceQuality), empty without one. */
  quality: Record<string, number>;
  /** Milliseconds by stage. */
  timings: StageTimings;
};

/** Analyses one image. Throws `unreadable_image`; everything else that keeps a face from being scored is a reason. */
export async function analyse(analyser: Analyser, image: Uint8Array): Promise<FrameAnalysis> {
  const stages = startStages();
  const decoded = await stages.time('decode', () => decodeImage(image));
  const found = await stages.time('detect', () => detectFaces(analyser.detector, decoded.picture));
  const frame = { ...decoded.original, faces: found.map((face) => describe(face, decoded)), timings: stages.timings };

  const { face, reason } = chooseFace(found);
  if (!face) return { ...frame, score: null, reasons: [reason], boundingBox: null, quality: {} };
  const chosen = { ...frame, boundingBox: toFractions(face.box, decoded.picture) };

  const quality = await stages.time('quality', () => measureFace({ analyser, decoded, face: face.box }));
  const measures = { ...quality, confidence: face.confidence };
  const reasons = refusalsFor(quality);
  if (reasons.length > 0) return { ...chosen, score: null, reasons, quality: measures };

  const score = await stages.time('score', () =>
    scoreFace({ analyser, decoded, face: face.box, faceLuma: quality.luma }),
  );
  return { ...chosen, score, reasons: [], quality: measures };
}

async function measureFace(work: { analyser: Analyser; decoded: DecodedImage; face: Box }) {
  const { analyser, decoded, face } = work;
  const quality = measureQuality(decoded.picture, face);
  const turn = measureTurn(await locateLandmarks({ landmarker: analyser.landmarker, picture: decoded.picture, face }));
  return { ...quality, turn };
}

async function scoreFace(work: {
  analyser: Analyser;
  decoded: DecodedImage;
  face: Box;
  faceLuma: number;
}): Promise<number> {
  const { analyser, decoded, face, faceLuma } = work;
  const evidence = await gatherEvidence({ scorers: analyser.scorers, picture: decoded.picture, face, faceLuma });
  return scoreEvidence(evidence, analyser.recipe);
}

function describe({ box, confidence }: DetectedFace, { picture }: DecodedImage) {
  return { boundingBox: toFractions(box, picture), confidence };
}
