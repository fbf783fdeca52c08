/** The arithmetic that one frame costs: which resamplings and which model runs, found out by running the engine's own steps. */

import type { Analyser } from '../analyse.ts';
import { measureGains } from '../balance-white.ts';
import { chooseFace } from '../choose-face.ts';
import { clampedRegion, cropJob } from '../crop-face.ts';
import { decodeImage, type Picture } from '../decode-image.ts';
import { detectFaces } from '../detect-face.ts';
import { ULTRAFACE_PASSES, ultraFaceJob } from '../detect-ultraface.ts';
import { SECOND_LOOK_SIDE, surroundingsOf, wholeOf, yunetJob } from '../detect-yunet.ts';
import type { Detector } from '../detector.ts';
import type { Box } from '../face-box.ts';
import { toLuma } from '../luma.ts';
import type { DetectionModel, LandmarkModel, ModelFile } from '../manifest.ts';
import type { OnnxSession } from '../onnx-session.ts';
import { refineFace } from '../refine-face.ts';
import { type Gains, type Resampling, resampleToSharedPlanes } from '../resample.ts';
import type { Scorer } from '../score-presentation.ts';
import type { BenchImage } from './bench-images.ts';

/** One model run: how its input comes out of the decoded picture, and the input's shape. */
export type PlannedRun = {
  model: ModelFile;
  planes: (picture: Picture) => Float32Array;
  shape: readonly number[];
};

/** `first` is the box before it was refined. */
export type FramePlan = { picture: Picture; first: Box; face: Box; runs: PlannedRun[] };

/** The plan of a frame with exactly one dominant face, else null. */
export async function planFrame(image: Uint8Array, analyser: Analyser): Promise<FramePlan | null> {
  const { picture } = await decodeImage(image);
  const passes: (readonly number[])[] = [];
  const detector = watch(analyser.detector, passes);
  const { face: first } = chooseFace(await detectFaces(detector, picture));
  if (!first) return null;
  const detection = passes.splice(0).map((shape, pass) => planPass({ model: detector.model, shape, pass }));
  const face = await refineFace({ detector, picture, face: first.box });
  const secondLook = passes.map((shape) => planSecondLook({ model: detector.model, shape, face: first.box }));
  const landmarks = planLandmarks(analyser.landmarker.model, face);
  const gains = measureGains({ picture, face, strength: analyser.recipe.whiteBalance });
  const crops = planCrops(analyser.scorers, { face, gains });
  return { picture, first: first.box, face, runs: [...detection, ...secondLook, landmarks, ...crops] };
}

/** The detector, with the shape of every input written down. */
function watch(detector: Detector, shapes: (readonly number[])[]): Detector {
  const run: OnnxSession['run'] = (planes, shape) => {
    shapes.push(shape);
    return detector.session.run(planes, shape);
  };
  return { ...detector, session: { ...detector.session, run } };
}

function planPass(work: { model: DetectionModel; shape: readonly number[]; pass: number }): PlannedRun {
  const { model, shape, pass } = work;
  const [, , height = 0, width = 0] = shape;
  const job = (picture: Picture): Resampling =>
    model.decoder === 'yunet'
      ? yunetJob({ longSide: Math.max(width, height), region: wholeOf(picture) }, model, picture)
      : ultraFaceJob(ULTRAFACE_PASSES[pass] as number, model, picture);
  return { model, planes: (picture) => resampleToSharedPlanes(job(picture)), shape };
}

function planSecondLook(work: { model: DetectionModel; shape: readonly number[]; face: Box }): PlannedRun {
  const pass = { longSide: SECOND_LOOK_SIDE, region: surroundingsOf(work.face) };
  const planes = (picture: Picture) => resampleToSharedPlanes(yunetJob(pass, work.model, picture));
  return { model: work.model, planes, shape: work.shape };
}

function planLandmarks(model: LandmarkModel, face: Box): PlannedRun {
  const [, , height, width] = model.input.shape;
  const planes = (picture: Picture) => {
    const region = clampedRegion({ face, picture, scale: 1 });
    const kernel = region.width > width ? 'area' : 'bilinear';
    const format = { ...model.input, colour: 'rgb' } as const;
    return toLuma(resampleToSharedPlanes({ picture, region, size: { width, height }, kernel, format }));
  };
  return { model, planes, shape: model.input.shape };
}

function planCrops(scorers: readonly Scorer[], subject: { face: Box; gains: Gains }): PlannedRun[] {
  return scorers.flatMap(({ model }) =>
    model.crop.scales.map((scale) => ({
      model,
      planes: (picture: Picture) => resampleToSharedPlanes(cropJob({ picture, ...subject, model, scale })),
      shape: model.input.shape,
    })),
  );
}

/** A frame that the engine scores, with the arithmetic it costs. */
export type PlannedFrame = { image: BenchImage; plan: FramePlan };
