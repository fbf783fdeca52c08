/** How far a rewritten model is from the one it was made from, on inputs like those that it will see. */
import type { ModelFile } from '../manifest.ts';
import { type Outputs, openOnnxSession } from '../onnx-session.ts';

/** Side of the input where the model leaves it open. */
const OPEN_SIDE = 160;

/** Smooth pictures from coarse blobs to noise: nets answer very differently to both ends. */
const CELL_SIZES = [1, 3, 8, 20, 48];

/**
 * The largest difference of any output value over several inputs, as a share of the largest value of that output. The
 * rewritten model also gets all inputs as one batch. Rejects when one of them cannot run.
 */
export async function compareModels(models: {
  model: ModelFile;
  source: Uint8Array;
  rewritten: Uint8Array;
}): Promise<number> {
  const source = await openOnnxSession(models.source);
  const rewritten = await openOnnxSession(models.rewritten);
  try {
    const { shape, inputs } = sampleInputs(models.model);
    const expected: Outputs[] = [];
    const differences: number[] = [];
    for (const planes of inputs) {
      const outputs = await source.run(planes, shape);
      expected.push(outputs);
      differences.push(differenceOf(outputs, await rewritten.run(planes, shape)));
    }
    const batch = await rewritten.run(concatenate(inputs), [inputs.length, ...shape.slice(1)]);
    return Math.max(...differences, differenceOf(stack(expected), batch));
  } finally {
    await Promise.all([source.close(), rewritten.close()]);
  }
}

function differenceOf(expected: Outputs, actual: Outputs): number {
  return Math.max(...Object.entries(expected).map(([name, values]) => shareOfLargest(values, actual[name])));
}

/** Outputs of several runs as one run with a batch would give them. */
function stack(runs: readonly Outputs[]): Outputs {
  const names = Object.keys(runs[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, concatenate(runs.map((run) => run[name] as Float32Array))]));
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Largest difference by the largest value, at least 1; infinite when the outputs do not even correspond. */
export function shareOfLargest(expected: Float32Array, actual: Float32Array | undefined): number {
  if (actual?.length !== expected.length) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let largest = 1;
  for (let at = 0; at < expected.length; at++) {
    const value = expected[at] as number;
    largest = Math.max(largest, Math.abs(value));
    const off = Math.abs(value - (actual[at] as number));
    // A NaN must not pass for equal.
    difference = off <= difference ? difference : Number.isNaN(off) ? Number.POSITIVE_INFINITY : off;
  }
  return difference / largest;
}

function sampleInputs(model: ModelFile): { shape: number[]; inputs: Float32Array[] } {
  const shape = model.input.shape.map((length) => (length === -1 ? OPEN_SIDE : length));
  const random = makeRandom();
  return { shape, inputs: CELL_SIZES.map((cell) => samplePlanes({ model, shape, cell, random })) };
}

/** Channel values from 0 to 255 in cells of one colour, scaled as the model wants them. */
function samplePlanes(work: { model: ModelFile; shape: number[]; cell: number; random: () => number }): Float32Array {
  const { model, shape, cell, random } = work;
  const [, channels = 3, height = 1, width = 1] = shape;
  const columns = Math.ceil(width / cell);
  const colours = Float32Array.from({ length: channels * columns * Math.ceil(height / cell) }, () => random() * 255);
  const planes = new Float32Array(channels * height * width);
  for (let at = 0; at < planes.length; at++) {
    const x = at % width;
    const y = Math.floor(at / width) % height;
    const channel = Math.floor(at / (width * height));
    const rows = Math.ceil(height / cell);
    const colour = colours[(channel * rows + Math.floor(y / cell)) * columns + Math.floor(x / cell)] as number;
    planes[at] = (colour - model.input.mean) / model.input.std;
  }
  return planes;
}

/** The same numbers from 0 to 1 on every run (mulberry32), so that a build is reproducible with its record. */
function makeRandom(): () => number {
  let state = 20_261_121;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
