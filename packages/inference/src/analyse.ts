/** The story of one frame: decode, find the faces, choose one, check that it can be scored, score it. */
import type { BoundingBox, FrameScore } from '@livegate/domain/verdict';
import { chooseFace } from './choose-face.ts';
import { type DecodedImage, decodeImage, type Picture } from './decode-image.ts';
import { detectFaces } from './detect-face.ts';
import type { DetectedFace, Detector } from './detector.ts';
import { type Box, toFractions } from './face-box.ts';
import { type Landmarker, locateLandmarks } from './locate-landmarks.ts';
import type { Recipe } from './manifest.ts';
import { measureCover } from './measure-cover.ts';
import { measureQuality } from './measure-quality.ts';
import { measureTurn } from './measure-turn.ts';
import { refusalsFor } from './quality-gates.ts';
import { refineFace } from './refine-face.ts';
import { gatherEvidence, logOddsOf, type Scorer, scoreEvidence } from './score-presentation.ts';
import { type OpenShadow, type ShadowScores, scoreShadows } from './shadow-scores.ts';
import { type StageTimings, startStages } from './stage-timings.ts';

/** Opened models of one profile. */
export type Analyser = {
  detector: Detector;
  landmarker: Landmarker;
  scorers: readonly Scorer[];
  recipe: Recipe;
  shadows: readonly OpenShadow[];
  /** Whether every model is asked on every frame, also when the score is settled. */
  asksAll: boolean;
};

/** One frame's score with what led to it. Boxes are fractions of the frame, clipped to it. */
export type FrameAnalysis = FrameScore & {
  /** Pixels of the upload after EXIF orientation. */
  width: number;
  height: number;
  faces: { boundingBox: BoundingBox; confidence: number }[];
  /** Raw measures of the chosen face (see FaceQuality), empty without one. */
  quality: Record<string, number>;
  /** Log-odds of a live face by the id of each model that was asked: what the score is made of. Empty without a score. */
  logOdds: Record<string, number>;
  /** What candidates would have said; empty without a score and without candidates. */
  shadowScores: ShadowScores;
  /** Milliseconds by stage. */
  timings: StageTimings;
};

const UNSCORED = { logOdds: {}, shadowScores: {} };

/** Analyses one image. Throws `unreadable_image`; everything else that keeps a face from being scored is a reason. */
export async function analyse(analyser: Analyser, image: Uint8Array): Promise<FrameAnalysis> {
  const stages = startStages();
  const decoded = await stages.time('decode', () => decodeImage(image));
  const found = await stages.time('detect', () => detectFaces(analyser.detector, decoded.picture));
  const frame = { ...decoded.original, faces: found.map((face) => describe(face, decoded)), timings: stages.timings };

  const { face: first, reason } = chooseFace(found);
  if (!first) return { ...frame, score: null, reasons: [reason], boundingBox: null, quality: {}, ...UNSCORED };
  const face = await stages.time('refine', () => refineChosen(analyser, decoded, first));
  const chosen = { ...frame, boundingBox: toFractions(face.box, decoded.picture) };

  const quality = await stages.time('quality', () => measureFace({ analyser, decoded, face: face.box }));
  const measures = { ...quality, confidence: face.confidence };
  const reasons = refusalsFor(quality);
  if (reasons.length > 0) return { ...chosen, score: null, reasons, quality: measures, ...UNSCORED };

  const subject = { picture: decoded.picture, face: face.box, faceLuma: quality.luma };
  const scored = await stages.time('score', () => scoreFace(analyser, subject));
  return { ...chosen, ...scored, reasons: [], quality: measures };
}

async function refineChosen({ detector }: Analyser, { picture }: DecodedImage, face: DetectedFace) {
  return { ...face, box: await refineFace({ detector, picture, face: face.box }) };
}

async function measureFace(work: { analyser: Analyser; decoded: DecodedImage; face: Box }) {
  const { analyser, decoded, face } = work;
  const quality = measureQuality(decoded.picture, face);
  const landmarks = await locateLandmarks({ landmarker: analyser.landmarker, picture: decoded.picture, face });
  return { ...quality, ...measureCover(landmarks), turn: measureTurn(landmarks) };
}

async function scoreFace(
  analyser: Analyser,
  subject: { picture: Picture; face: Box; faceLuma: number },
): Promise<Pick<FrameAnalysis, 'logOdds' | 'shadowScores'> & { score: number }> {
  const evidence = await gatherEvidence({ ...analyser, ...subject });
  const shadowScores = await scoreShadows({ shadows: analyser.shadows, ...subject });
  return { score: scoreEvidence(evidence, analyser.recipe), logOdds: logOddsOf(evidence), shadowScores };
}

function describe({ box, confidence }: DetectedFace, { picture }: DecodedImage) {
  return { boundingBox: toFractions(box, picture), confidence };
}
