/** The few WebAssembly instructions that the kernels need, as functions of their operands. */
import { type Code, unsigned } from './assemble-module.ts';

const EMPTY_BLOCK = 0x40;
const SIMD = 0xfd;

export const local = (index: number): Code => [0x20, ...unsigned(index)];
export const set = (index: number, value: Code): Code => [...value, 0x21, ...unsigned(index)];

/** A small number: one byte of signed LEB128. */
export function small(value: number): Code {
  if (value < -64 || value > 63) throw new RangeError(`${value} does not fit into one byte.`);
  return [0x41, value & 0x7f];
}

export const add = (a: Code, b: Code): Code => [...a, ...b, 0x6a];
export const timesPowerOfTwo = (a: Code, exponent: number): Code => [...a, ...small(exponent), 0x74];
export const loadInteger = (address: Code, offset = 0): Code => [...address, 0x28, 2, ...unsigned(offset)];

/** Runs the body as long as `a < b`, unsigned, holds before it. */
export function whileBelow(bounds: { a: Code; b: Code }, body: Code): Code {
  const isDone = [...bounds.a, ...bounds.b, 0x4f];
  return [0x02, EMPTY_BLOCK, 0x03, EMPTY_BLOCK, ...isDone, 0x0d, 1, ...body, 0x0c, 0, 0x0b, 0x0b];
}

const simd = (code: number, ...rest: Code[]): Code => [...rest.flat(), SIMD, ...unsigned(code)];
const memory = (offset: number): Code => [0, ...unsigned(offset)];

export const zeroes: Code = [SIMD, 0x0c, ...new Array(16).fill(0)];
export const load = (address: Code): Code => [...simd(0x00, address), ...memory(0)];
export const loadSplat = (address: Code, offset = 0): Code => [...simd(0x09, address), ...memory(offset)];
export const store = (address: Code, value: Code, offset = 0): Code => [
  ...simd(0x0b, address, value),
  ...memory(offset),
];
export const storeLane = (to: { address: Code; lane: number }, value: Code): Code => [
  ...simd(0x5a, to.address, value),
  ...memory(0),
  to.lane,
];
export const splat = (value: Code): Code => simd(0x13, value);
export const addFloats = (a: Code, b: Code): Code => simd(0xe4, a, b);
export const multiplyFloats = (a: Code, b: Code): Code => simd(0xe6, a, b);

/** Bytes 0 to 3, 4 to 7, 8 to 11 or 12 to 15 of a register, unsigned, as four floats. */
export function bytesToFloats(bytes: Code, quarter: 0 | 1 | 2 | 3): Code {
  const half = simd(quarter < 2 ? 0x89 : 0x8a, bytes);
  return simd(0xfa, simd(quarter % 2 === 0 ? 0xa9 : 0xaa, half));
}
