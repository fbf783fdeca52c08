/** The protobuf wire format, without schemas: what a message holds, field by field, in order. */

/** One field as it stands in a message. Lengths of 4 and 8 bytes keep their bytes. */
export type Field =
  | { number: number; wire: 'varint'; value: bigint }
  | { number: number; wire: 'bytes' | 'fixed32' | 'fixed64'; value: Uint8Array };

const WIRE_TYPES = { 0: 'varint', 1: 'fixed64', 2: 'bytes', 5: 'fixed32' } as const;
const WIRE_NUMBERS = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;
const FIXED_LENGTHS = { fixed32: 4, fixed64: 8 } as const;

/** The fields of a message. Throws on a message that ends early or uses groups, which ONNX does not. */
export function readFields(message: Uint8Array): Field[] {
  const fields: Field[] = [];
  const cursor = { message, at: 0 };
  while (cursor.at < message.length) {
    const tag = Number(readVarint(cursor));
    const wire = WIRE_TYPES[(tag & 7) as keyof typeof WIRE_TYPES];
    if (!wire) throw new Error(`Protobuf wire type ${tag & 7} is not supported.`);
    const number = tag >>> 3;
    if (wire === 'varint') fields.push({ number, wire, value: readVarint(cursor) });
    else
      fields.push({ number, wire, value: take(cursor, wire === 'bytes' ? readLength(cursor) : FIXED_LENGTHS[wire]) });
  }
  return fields;
}

/** The bytes of a message with these fields. */
export function writeFields(fields: readonly Field[]): Uint8Array {
  const parts = fields.flatMap((field) => {
    const tag = varint(BigInt(field.number * 8 + WIRE_NUMBERS[field.wire]));
    if (field.wire === 'varint') return [tag, varint(field.value)];
    return field.wire === 'bytes' ? [tag, varint(BigInt(field.value.length)), field.value] : [tag, field.value];
  });
  return Buffer.concat(parts);
}

/** The integers of a repeated field, packed or not. */
export function integersOf(fields: readonly Field[], number: number): number[] {
  return fields
    .filter((field) => field.number === number)
    .flatMap((field) => (field.wire === 'varint' ? [field.value] : readPacked(field.value)))
    .map((value) => Number(BigInt.asIntN(64, value)));
}

/** The bytes of each field of this number. */
export function bytesOf(fields: readonly Field[], number: number): Uint8Array[] {
  return fields.flatMap((field) => (field.number === number && field.wire !== 'varint' ? [field.value] : []));
}

/** The texts of each field of this number. */
export function textsOf(fields: readonly Field[], number: number): string[] {
  return bytesOf(fields, number).map((bytes) => Buffer.from(bytes).toString('utf8'));
}

export function bytesField(number: number, value: Uint8Array): Field {
  return { number, wire: 'bytes', value };
}

export function textField(number: number, value: string): Field {
  return { number, wire: 'bytes', value: Buffer.from(value, 'utf8') };
}

export function integerField(number: number, value: number): Field {
  return { number, wire: 'varint', value: BigInt(value) };
}

type Cursor = { message: Uint8Array; at: number };

function readVarint(cursor: Cursor): bigint {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = cursor.message[cursor.at++];
    if (byte === undefined) throw new Error('The protobuf message ends within a number.');
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  throw new Error('A protobuf number is longer than ten bytes.');
}

function readLength(cursor: Cursor): number {
  return Number(readVarint(cursor));
}

function take(cursor: Cursor, length: number): Uint8Array {
  const end = cursor.at + length;
  if (end > cursor.message.length) throw new Error('The protobuf message ends within a field.');
  const value = cursor.message.subarray(cursor.at, end);
  cursor.at = end;
  return value;
}

function readPacked(message: Uint8Array): bigint[] {
  const values: bigint[] = [];
  const cursor = { message, at: 0 };
  while (cursor.at < message.length) values.push(readVarint(cursor));
  return values;
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
