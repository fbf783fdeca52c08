/**
 * The least that a frame can cost with these libraries: decoding, resampling and the models' kernels, nothing else. No
 * engine, no candidates to decode, no gates, no score, no checks of the input.
 */
import { readFile } from 'node:fs/promises';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import type { Size } from '../face-box.ts';
import type { Profile } from '../profiles.ts';
import { readBuiltGraph } from '../rewrite/built-graph.ts';
import type { FramePlan } from './frame-plan.ts';

/** The fastest settings known, the engine's as well (onnx-session.ts says why). */
const SESSION_OPTIONS = { intraOpNumThreads: 1, interOpNumThreads: 1, enableMemPattern: false };

/** Runs one frame by its plan. */
export type BareLoop = { run(image: Uint8Array, plan: FramePlan): Promise<void>; close(): Promise<void> };

/** Opens sessions of its own on the same graphs as the engine's. */
export async function openBareLoop(profile: Profile): Promise<BareLoop> {
  const sessions = new Map<string, InferenceSession>();
  for (const model of [...profile.models, profile.landmarks]) {
    const bytes = (await readBuiltGraph(model))?.bytes ?? (await readFile(model.file));
    sessions.set(model.id, await InferenceSession.create(bytes, SESSION_OPTIONS));
  }
  return {
    async run(image, { picture, runs }) {
      const decoded = { ...picture, data: await decode(image, picture) };
      for (const { model, planes, shape } of runs) {
        const session = sessions.get(model.id) as InferenceSession;
        await session.run({ [session.inputNames[0] as string]: new Tensor('float32', planes(decoded), shape) });
      }
    },
    async close() {
      await Promise.all([...sessions.values()].map((session) => session.release()));
    },
  };
}

/** What decode-image.ts asks libvips for, without its look at the header before. */
function decode(image: Uint8Array, { width, height }: Size): Promise<Buffer> {
  const upright = sharp(image, { sequentialRead: true }).autoOrient();
  return upright.resize({ width, height, fit: 'fill' }).removeAlpha().toColourspace('srgb').raw().toBuffer();
}
