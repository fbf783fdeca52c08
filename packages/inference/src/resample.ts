/** From a region of raw pixels straight to a model's input planes, in one pass over the region. */
import type { Picture } from './decode-image.ts';
import type { Box, Size } from './face-box.ts';

/** `area`: each output is the exact mean of what it covers. `bilinear`: two taps a side, no antialias. */
export type Kernel = 'area' | 'bilinear';

/** A channel value v from 0 to 255 becomes (v - mean) / std, planes in the order of `colour`. */
export type PlaneFormat = { colour: 'rgb' | 'bgr'; mean: number; std: number };

export type Resampling = {
  picture: Picture;
  /** Integers; may reach outside the picture, which counts as black. */
  region: Box;
  /** Width and height of the resampled region. */
  size: Size;
  kernel: Kernel;
  format: PlaneFormat;
  /** Width and height of the planes when larger than `size`: black at right and bottom. */
  canvas?: Size;
};

/** For each output position the source positions it reads and their weights; positions outside the source are dropped. */
type Taps = { starts: Int32Array; positions: Int32Array; weights: Float32Array };

/** Three planes (channel, row, column) of `canvas` or else `size`, row-major. */
export function resampleToPlanes({ picture, region, size, kernel, format, canvas = size }: Resampling): Float32Array {
  const makeTaps = kernel === 'area' ? areaTaps : bilinearTaps;
  const columns = makeTaps({ start: region.x, length: region.width, outputs: size.width, limit: picture.width });
  const rows = makeTaps({ start: region.y, length: region.height, outputs: size.height, limit: picture.height });
  const planeLength = canvas.width * canvas.height;
  const black = (0 - format.mean) / format.std;
  const planes = new Float32Array(planeLength * 3).fill(black);
  const redPlane = format.colour === 'rgb' ? 0 : 2 * planeLength;
  const bluePlane = format.colour === 'rgb' ? 2 * planeLength : 0;
  const scale = 1 / format.std;
  const row = new Float32Array(picture.width * 3);
  const span = spanOf(columns);

  for (let outputY = 0; outputY < size.height; outputY++) {
    blendRows({ picture, rows, outputY, row, span });
    for (let outputX = 0; outputX < size.width; outputX++) {
      let red = 0;
      let green = 0;
      let blue = 0;
      const end = columns.starts[outputX + 1] as number;
      for (let tap = columns.starts[outputX] as number; tap < end; tap++) {
        const weight = columns.weights[tap] as number;
        const at = (columns.positions[tap] as number) * 3;
        red += weight * (row[at] as number);
        green += weight * (row[at + 1] as number);
        blue += weight * (row[at + 2] as number);
      }
      const at = outputY * canvas.width + outputX;
      planes[redPlane + at] = red * scale + black;
      planes[planeLength + at] = green * scale + black;
      planes[bluePlane + at] = blue * scale + black;
    }
  }
  return planes;
}

/** Weighted sum of the source rows that one output row reads, within the columns that are read at all. */
function blendRows(work: { picture: Picture; rows: Taps; outputY: number; row: Float32Array; span: [number, number] }) {
  const { picture, rows, outputY, row, span } = work;
  const first = span[0] * 3;
  const last = span[1] * 3;
  row.fill(0, first, last);
  const end = rows.starts[outputY + 1] as number;
  for (let tap = rows.starts[outputY] as number; tap < end; tap++) {
    const weight = rows.weights[tap] as number;
    const offset = (rows.positions[tap] as number) * picture.width * 3;
    for (let at = first; at < last; at++)
      row[at] = (row[at] as number) + weight * (picture.data[offset + at] as number);
  }
}

function spanOf(taps: Taps): [number, number] {
  if (taps.positions.length === 0) return [0, 0];
  return [taps.positions[0] as number, (taps.positions.at(-1) as number) + 1];
}

type Axis = { start: number; length: number; outputs: number; limit: number };

function areaTaps(axis: Axis): Taps {
  const step = axis.length / axis.outputs;
  return collectTaps(axis, (output, add) => {
    const from = output * step;
    const to = Math.min(from + step, axis.length);
    for (let position = Math.floor(from); position < to; position++) {
      const covered = Math.min(position + 1, to) - Math.max(position, from);
      // Below this it is rounding of the bounds, not coverage.
      if (covered > 1e-9) add(position, covered / step);
    }
  });
}

function bilinearTaps(axis: Axis): Taps {
  const step = axis.length / axis.outputs;
  const last = axis.length - 1;
  return collectTaps(axis, (output, add) => {
    const centre = Math.min(Math.max((output + 0.5) * step - 0.5, 0), last);
    const position = Math.min(Math.floor(centre), Math.max(last - 1, 0));
    const fraction = centre - position;
    add(position, 1 - fraction);
    if (fraction > 0) add(position + 1, fraction);
  });
}

function collectTaps(
  axis: Axis,
  visit: (output: number, add: (position: number, weight: number) => void) => void,
): Taps {
  const starts = new Int32Array(axis.outputs + 1);
  const positions: number[] = [];
  const weights: number[] = [];
  for (let output = 0; output < axis.outputs; output++) {
    visit(output, (position, weight) => {
      const source = axis.start + position;
      if (source < 0 || source >= axis.limit) return;
      positions.push(source);
      weights.push(weight);
    });
    starts[output + 1] = positions.length;
  }
  return { starts, positions: Int32Array.from(positions), weights: Float32Array.from(weights) };
}
