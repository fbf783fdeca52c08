/** WebAssembly modules from instructions: one memory, some functions. Section and type codes are those of the core specification. */

/** Encoded instructions. */
export type Code = readonly number[];

export type ValueType = 'i32' | 'f32' | 'v128';

/** Exported under its name; parameters are locals 0 and up, then `locals`. Returns nothing. */
export type WasmFunction = { name: string; parameters: readonly ValueType[]; locals: readonly ValueType[]; body: Code };

const TYPE_CODES = { i32: 0x7f, f32: 0x7d, v128: 0x7b } as const;
const SECTION = { type: 1, import: 2, function: 3, export: 7, code: 10 } as const;
const FUNCTION_TYPE = 0x60;
const FUNCTION_EXPORT = 0;
const MEMORY_IMPORT = 2;
const END = 0x0b;

/** The bytes of a module that imports its memory as `env.memory`. */
export function assembleModule(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters }) => [
    FUNCTION_TYPE,
    ...list(parameters.map((type) => [TYPE_CODES[type]])),
    0,
  ]);
  const memory = [...text('env'), ...text('memory'), MEMORY_IMPORT, 0, 1];
  const exported = functions.map(({ name }, index) => [...text(name), FUNCTION_EXPORT, ...unsigned(index)]);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(SECTION.type, types),
    ...section(SECTION.import, [memory]),
    ...section(
      SECTION.function,
      functions.map((_, index) => unsigned(index)),
    ),
    ...section(SECTION.export, exported),
    ...section(SECTION.code, functions.map(encodeBody)),
  ]);
}

/** An unsigned number in LEB128. */
export function unsigned(value: number): Code {
  const bytes: number[] = [];
  let rest = value >>> 0;
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return [...bytes, rest];
}

function encodeBody({ locals, body }: WasmFunction): Code {
  const code = [...list(locals.map((type) => [1, TYPE_CODES[type]])), ...body, END];
  return [...unsigned(code.length), ...code];
}

function section(id: number, items: readonly Code[]): Code {
  const content = list(items);
  return [id, ...unsigned(content.length), ...content];
}

function list(items: readonly Code[]): Code {
  return [...unsigned(items.length), ...items.flat()];
}

function text(value: string): Code {
  return list([...Buffer.from(value, 'utf8')].map((byte) => [byte]));
}
