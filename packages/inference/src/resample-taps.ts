/** Which source positions an output position reads, and how much of each, along one axis. */

/** `area`: each output is the exact mean of what it covers. `bilinear`: two taps a side, no antialias. */
export type Kernel = 'area' | 'bilinear';

/** `length` source positions from `start` become `outputs`; positions below 0 or from `limit` on do not exist. */
export type Axis = { start: number; length: number; outputs: number; limit: number };

/**
 * For output n the source positions `firsts[n]` and on, with the weights from `starts[n]` to `starts[n + 1]`. An output
 * that reads nothing has none.
 */
export type Taps = { firsts: Int32Array; starts: Int32Array; weights: Float32Array };

/** Taps of one axis; weights of positions that do not exist are left out. */
export function makeTaps(kernel: Kernel, axis: Axis): Taps {
  const most = kernel === 'bilinear' ? 2 : Math.ceil(axis.length / axis.outputs) + 1;
  const taps = {
    firsts: new Int32Array(axis.outputs),
    starts: new Int32Array(axis.outputs + 1),
    weights: new Float32Array(axis.outputs * most),
  };
  const add = kernel === 'area' ? addAreaTaps : addBilinearTaps;
  for (let output = 0; output < axis.outputs; output++) {
    taps.starts[output + 1] = taps.starts[output] as number;
    add(taps, axis, output);
  }
  return taps;
}

function addAreaTaps(taps: Taps, axis: Axis, output: number): void {
  const step = axis.length / axis.outputs;
  const from = output * step;
  const to = Math.min(from + step, axis.length);
  for (let position = Math.floor(from); position < to; position++) {
    const covered = Math.min(position + 1, to) - Math.max(position, from);
    // Below this it is rounding of the bounds, not coverage.
    if (covered > 1e-9) addTap(taps, { output, source: axis.start + position, weight: covered / step }, axis.limit);
  }
}

function addBilinearTaps(taps: Taps, axis: Axis, output: number): void {
  const last = axis.length - 1;
  const centre = Math.min(Math.max(((output + 0.5) * axis.length) / axis.outputs - 0.5, 0), last);
  const position = Math.min(Math.floor(centre), Math.max(last - 1, 0));
  const fraction = centre - position;
  addTap(taps, { output, source: axis.start + position, weight: 1 - fraction }, axis.limit);
  if (fraction > 0) addTap(taps, { output, source: axis.start + position + 1, weight: fraction }, axis.limit);
}

function addTap(taps: Taps, tap: { output: number; source: number; weight: number }, limit: number): void {
  const { output, source, weight } = tap;
  if (source < 0 || source >= limit) return;
  const end = taps.starts[output + 1] as number;
  // The positions of one output follow each other, also where some of them do not exist.
  if (end === taps.starts[output]) taps.firsts[output] = source;
  taps.weights[end] = weight;
  taps.starts[output + 1] = end + 1;
}
