/** The constants of a TensorFlow.js graph model: one list of descriptions, one run of bytes. */
import { z } from 'zod';

const description = z.object({
  name: z.string(),
  shape: z.array(z.int()),
  dtype: z.enum(['float32', 'int32']),
  quantization: z.object({ dtype: z.literal('float16') }).optional(),
});

export const weightsManifest = z.array(z.object({ paths: z.array(z.string()), weights: z.array(description) }));

/** A constant in the layout of its file (channels last). */
export type Weights = { shape: number[]; data: Float32Array };

/** All constants by name. Throws when the bytes are more or fewer than described. */
export function readWeights(manifest: z.infer<typeof weightsManifest>, bytes: Uint8Array): Map<string, Weights> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const weights = new Map<string, Weights>();
  let at = 0;
  for (const { name, shape, dtype, quantization } of manifest.flatMap((group) => group.weights)) {
    const data = new Float32Array(shape.reduce((product, side) => product * side, 1));
    for (let index = 0; index < data.length; index++) {
      if (quantization) data[index] = halfToNumber(view.getUint16(at, true));
      else data[index] = dtype === 'int32' ? view.getInt32(at, true) : view.getFloat32(at, true);
      at += quantization ? 2 : 4;
    }
    weights.set(name, { shape, data });
  }
  if (at !== bytes.length) throw new Error(`The weights describe ${at} bytes, the file has ${bytes.length}.`);
  return weights;
}

/** IEEE 754 binary16: 1 sign bit, 5 of exponent with bias 15, 10 of fraction. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
