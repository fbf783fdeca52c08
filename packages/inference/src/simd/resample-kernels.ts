/** The two loops in which resampling spends its time, for registers of four floats. V8 does not vectorise JavaScript. */
import { assembleModule, type Code, type WasmFunction } from './assemble-module.ts';
import {
  add,
  addFloats,
  bytesToFloats,
  load,
  loadInteger,
  loadSplat,
  local,
  multiplyFloats,
  set,
  small,
  splat,
  store,
  storeLane,
  timesPowerOfTwo,
  whileBelow,
  zeroes,
} from './instructions.ts';
import { type WasmMemory, webAssembly } from './web-assembly.ts';

export type ResampleKernels = {
  /**
   * Weighted sum of rows of bytes as floats. `taps`: `count` pairs of a row's address (i32) and its weight (f32). Works
   * on 16 bytes at a time: reads and writes up to 15 values beyond `length`.
   */
  blendRows(taps: number, count: number, target: number, length: number): void;
  /**
   * Weighted sums of pixels, three floats each, into three planes as `sum * scale + shift`. `taps`: for each of `count`
   * outputs the address of the first pixel, the address of its weights and the address after the last weight. `scales`: the
   * address of the channels' scales, in a register's length. Reads the float after the last pixel.
   */
  mixColumns(
    taps: number,
    count: number,
    red: number,
    green: number,
    blue: number,
    scales: number,
    shift: number,
  ): void;
};

/** The kernels, working in this memory. */
export function makeResampleKernels(memory: WasmMemory): ResampleKernels {
  const module = new webAssembly.Module(assembleModule([blendRows(), mixColumns()]));
  return new webAssembly.Instance(module, { env: { memory } }).exports as ResampleKernels;
}

const QUARTERS = [0, 1, 2, 3] as const;

function blendRows(): WasmFunction {
  const [taps, count, target, length, at, tap, end, bytes, weight, ...sums] = Array.from({ length: 13 }, (_, i) =>
    local(i),
  ) as Code[] as [Code, Code, Code, Code, Code, Code, Code, Code, Code, ...Code[]];
  const [AT, TAP, END, BYTES, WEIGHT, FIRST_SUM] = [4, 5, 6, 7, 8, 9];
  const addTap = [
    ...set(BYTES, load(add(loadInteger(tap), at))),
    ...set(WEIGHT, loadSplat(tap, 4)),
    ...QUARTERS.flatMap((quarter) => {
      const product = multiplyFloats(bytesToFloats(bytes, quarter), weight);
      return set(FIRST_SUM + quarter, addFloats(sums[quarter] as Code, product));
    }),
    ...set(TAP, add(tap, small(8))),
  ];
  const addresses = add(target, timesPowerOfTwo(at, 2));
  const body = [
    ...set(END, add(taps, timesPowerOfTwo(count, 3))),
    ...whileBelow({ a: at, b: length }, [
      ...QUARTERS.flatMap((quarter) => set(FIRST_SUM + quarter, zeroes)),
      ...set(TAP, taps),
      ...whileBelow({ a: tap, b: end }, addTap),
      ...QUARTERS.flatMap((quarter) => store(addresses, sums[quarter] as Code, quarter * 16)),
      ...set(AT, add(at, small(16))),
    ]),
  ];
  return {
    name: 'blendRows',
    parameters: ['i32', 'i32', 'i32', 'i32'],
    locals: ['i32', 'i32', 'i32', 'v128', 'v128', 'v128', 'v128', 'v128', 'v128'],
    body,
  };
}

function mixColumns(): WasmFunction {
  const [taps, count, red, green, blue, scales, shift, end, pixel, weight, lastWeight, sum] = Array.from(
    { length: 12 },
    (_, index) => local(index),
  ) as [Code, Code, Code, Code, Code, Code, Code, Code, Code, Code, Code, Code];
  const [TAPS, RED, GREEN, BLUE, END, PIXEL, WEIGHT, LAST_WEIGHT, SUM] = [0, 2, 3, 4, 7, 8, 9, 10, 11];
  const addPixel = [
    ...set(SUM, addFloats(sum, multiplyFloats(load(pixel), loadSplat(weight)))),
    ...set(PIXEL, add(pixel, small(12))),
    ...set(WEIGHT, add(weight, small(4))),
  ];
  const body = [
    // Entries of three integers.
    ...set(END, add(taps, add(timesPowerOfTwo(count, 3), timesPowerOfTwo(count, 2)))),
    ...whileBelow({ a: taps, b: end }, [
      ...set(PIXEL, loadInteger(taps)),
      ...set(WEIGHT, loadInteger(taps, 4)),
      ...set(LAST_WEIGHT, loadInteger(taps, 8)),
      ...set(SUM, zeroes),
      ...whileBelow({ a: weight, b: lastWeight }, addPixel),
      ...set(SUM, addFloats(multiplyFloats(sum, load(scales)), splat(shift))),
      ...storeLane({ address: red, lane: 0 }, sum),
      ...storeLane({ address: green, lane: 1 }, sum),
      ...storeLane({ address: blue, lane: 2 }, sum),
      ...set(RED, add(red, small(4))),
      ...set(GREEN, add(green, small(4))),
      ...set(BLUE, add(blue, small(4))),
      ...set(TAPS, add(taps, small(12))),
    ]),
  ];
  return {
    name: 'mixColumns',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'f32'],
    locals: ['i32', 'i32', 'i32', 'i32', 'v128'],
    body,
  };
}
