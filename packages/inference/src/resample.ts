/** From a region of raw pixels straight to a model's input planes, in one pass over the region. */
import type { Picture } from './decode-image.ts';
import type { Box, Size } from './face-box.ts';
import { type Kernel, makeTaps, type Taps } from './resample-taps.ts';
import { makeResampleKernels } from './simd/resample-kernels.ts';
import { webAssembly } from './simd/web-assembly.ts';

/** A channel value v from 0 to 255 becomes (v - mean) / std, planes in the order of `colour`. */
export type PlaneFormat = { colour: 'rgb' | 'bgr'; mean: number; std: number };

/** Factors of red, green and blue. */
export type Gains = readonly [number, number, number];

const AS_THEY_ARE: Gains = [1, 1, 1];

export type Resampling = {
  picture: Picture;
  /** Integers; may reach outside the picture, which counts as black. */
  region: Box;
  /** Width and height of the resampled region. */
  size: Size;
  kernel: Kernel;
  format: PlaneFormat;
  /** Factors of the picture's red, green and blue (see balance-white.ts); as they are without. */
  gains?: Gains;
  /** Width and height of the planes when larger than `size`: black at right and bottom. */
  canvas?: Size;
};

/** Three planes (channel, row, column) of `canvas` or else `size`, row-major, of the caller's own. */
export function resampleToPlanes(job: Resampling): Float32Array {
  return resampleToSharedPlanes(job).slice();
}

/**
 * The same without a copy: the planes lie in a buffer that the next resampling of this process overwrites. For a caller
 * that has used them up before anyone can resample again.
 */
export function resampleToSharedPlanes({
  picture,
  region,
  size,
  kernel,
  format,
  gains = AS_THEY_ARE,
  canvas = size,
}: Resampling): Float32Array {
  const columns = makeTaps(kernel, {
    start: region.x,
    length: region.width,
    outputs: size.width,
    limit: picture.width,
  });
  const rows = makeTaps(kernel, {
    start: region.y,
    length: region.height,
    outputs: size.height,
    limit: picture.height,
  });
  const [left, right] = spanOf(columns);
  const places = layOut({ picture, rows, columns, spanLength: right - left, canvas });
  loadPicture(picture);
  new Float32Array(memory.buffer, places.scales, 3).set(gains.map((gain) => gain / format.std));
  writeTaps({ rows, columns, places, left, rowBytes: picture.width * 3 });

  const planeLength = canvas.width * canvas.height;
  const planes = new Float32Array(memory.buffer, places.planes, planeLength * 3);
  const shift = (0 - format.mean) / format.std;
  if (canvas.width !== size.width || canvas.height !== size.height) planes.fill(shift);
  const [first, green, last] = [0, 1, 2].map((plane) => places.planes + plane * planeLength * 4) as [
    number,
    number,
    number,
  ];
  const [red, blue] = format.colour === 'rgb' ? [first, last] : [last, first];
  for (let outputY = 0; outputY < size.height; outputY++) {
    const tap = rows.starts[outputY] as number;
    const count = (rows.starts[outputY + 1] as number) - tap;
    kernels.blendRows(places.rowTaps + tap * 8, count, places.row, (right - left) * 3);
    const at = outputY * canvas.width * 4;
    kernels.mixColumns(places.columnTaps, size.width, red + at, green + at, blue + at, places.scales, shift);
  }
  return planes;
}

const PAGE = 65_536;
const memory = new webAssembly.Memory({ initial: 64 });
const kernels = makeResampleKernels(memory);

/** Addresses in the memory: the picture lies at 0. */
type Places = {
  scales: number;
  rowTaps: number;
  columnTaps: number;
  columnWeights: number;
  row: number;
  planes: number;
};

function layOut(work: { picture: Picture; rows: Taps; columns: Taps; spanLength: number; canvas: Size }): Places {
  const { picture, rows, columns, spanLength, canvas } = work;
  let end = 0;
  const reserve = (bytes: number) => {
    const start = end;
    // The kernels read and write up to a register beyond, of bytes or of as many floats.
    end = Math.ceil((start + bytes) / 16) * 16 + 64;
    return start;
  };
  reserve(picture.width * picture.height * 3);
  const places = {
    scales: reserve(16),
    rowTaps: reserve(rows.weights.length * 8),
    columnTaps: reserve(columns.firsts.length * 12),
    columnWeights: reserve(columns.weights.length * 4),
    row: reserve(spanLength * 12),
    planes: reserve(canvas.width * canvas.height * 12),
  };
  const missing = end - memory.buffer.byteLength;
  if (missing > 0) {
    memory.grow(Math.ceil(missing / PAGE));
  }
  return places;
}

let loaded = new WeakRef<Uint8Array>(new Uint8Array());

/** Copies the picture into the memory, unless it is the one that lies there: a frame is read about ten times. */
function loadPicture({ data }: Picture): void {
  if (loaded.deref() === data) return;
  new Uint8Array(memory.buffer).set(data);
  loaded = new WeakRef(data);
}

/** Source columns that are read at all, from the first to after the last. */
function spanOf({ firsts, starts }: Taps): [number, number] {
  let left = Number.POSITIVE_INFINITY;
  let right = 0;
  for (let output = 0; output < firsts.length; output++) {
    const count = (starts[output + 1] as number) - (starts[output] as number);
    if (count === 0) continue;
    left = Math.min(left, firsts[output] as number);
    right = Math.max(right, (firsts[output] as number) + count);
  }
  return right === 0 ? [0, 0] : [left, right];
}

function writeTaps(work: { rows: Taps; columns: Taps; places: Places; left: number; rowBytes: number }): void {
  const { rows, columns, places, left, rowBytes } = work;
  const integers = new Int32Array(memory.buffer);
  const floats = new Float32Array(memory.buffer);
  for (let output = 0; output < rows.firsts.length; output++) {
    let address = (rows.firsts[output] as number) * rowBytes + left * 3;
    const end = rows.starts[output + 1] as number;
    for (let tap = rows.starts[output] as number; tap < end; tap++, address += rowBytes) {
      integers[places.rowTaps / 4 + tap * 2] = address;
      floats[places.rowTaps / 4 + tap * 2 + 1] = rows.weights[tap] as number;
    }
  }
  floats.set(columns.weights, places.columnWeights / 4);
  for (let output = 0; output < columns.firsts.length; output++) {
    const at = places.columnTaps / 4 + output * 3;
    integers[at] = places.row + ((columns.firsts[output] as number) - left) * 12;
    integers[at + 1] = places.columnWeights + (columns.starts[output] as number) * 4;
    integers[at + 2] = places.columnWeights + (columns.starts[output + 1] as number) * 4;
  }
}
