/** CPU per stage of the engine, each in a loop of its own over the same frames. */
import type { Analyser } from '../analyse.ts';
import { decodeImage } from '../decode-image.ts';
import { detectFaces } from '../detect-face.ts';
import { locateLandmarks } from '../locate-landmarks.ts';
import { measureQuality } from '../measure-quality.ts';
import { refineFace } from '../refine-face.ts';
import type { Scorer } from '../score-presentation.ts';
import type { PlannedFrame } from './frame-plan.ts';
import { cpuMilliseconds, lowerQuartile } from './measure-cpu.ts';

/** Milliseconds of CPU per frame by stage: decode, detect, refine, quality, landmarks, crop, then each presentation model by its id. */
export type StageCosts = Record<string, number>;

type Stage = (frame: PlannedFrame) => Promise<unknown> | unknown;

/** Lower quartiles over the rounds. A model that sees several crops is counted with all of them. */
export async function measureStages(work: {
  frames: readonly PlannedFrame[];
  models: Analyser;
  rounds: number;
}): Promise<StageCosts> {
  const { frames, models, rounds } = work;
  const costs: StageCosts = {};
  for (const [name, stage] of Object.entries(stagesOf(models))) {
    const samples: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const spent = await cpuMilliseconds(async () => {
        for (const frame of frames) await stage(frame);
      });
      samples.push(spent / frames.length);
    }
    costs[name] = lowerQuartile(samples);
  }
  return costs;
}

function stagesOf({ detector, landmarker, scorers }: Analyser): Record<string, Stage> {
  return {
    decode: ({ image }) => decodeImage(image.bytes),
    detect: ({ plan }) => detectFaces(detector, plan.picture),
    refine: ({ plan }) => refineFace({ detector, picture: plan.picture, face: plan.first }),
    quality: ({ plan }) => measureQuality(plan.picture, plan.face),
    landmarks: ({ plan }) => locateLandmarks({ landmarker, picture: plan.picture, face: plan.face }),
    crop: ({ plan }) => {
      for (const { model, planes } of plan.runs) if (model.task === 'presentation') planes(plan.picture);
    },
    ...Object.fromEntries(scorers.map((scorer) => [scorer.model.id, runsOf(scorer)])),
  };
}

function runsOf({ model, session }: Scorer): Stage {
  const [, channels, height, width] = model.input.shape;
  // The values do not matter to the kernels, as long as none is denormal.
  const planes = new Float32Array(channels * height * width).fill(0.5);
  return async () => {
    for (const _ of model.crop.scales) await session.run(planes, model.input.shape);
  };
}
