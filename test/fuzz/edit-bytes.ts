/** Small damages to bytes and to the files of the three image formats, each written so that a failure can be read. */
import { crc32 } from 'node:zlib';
import fc from 'fast-check';

/** Places are fractions of the length, so that an edit means something for every file. */
export type Edit =
  | { edit: 'flip'; at: number; bit: number }
  | { edit: 'cut'; from: number; share: number }
  | { edit: 'end'; at: number }
  | { edit: 'repeat'; from: number; share: number }
  | { edit: 'insert'; at: number; bytes: number[] }
  | { edit: 'overwrite'; at: number; bytes: number[] }
  /** The head of one file before the rest of another. */
  | { edit: 'splice'; other: ImageName; at: number }
  /** A segment of a JPEG, a chunk of a PNG or a WebP. */
  | { edit: 'chunk'; pick: number; change: 'drop' | 'twice' | 'longer' | 'shorter' | 'rename' | 'noise' | 'last' };

export const IMAGE_NAMES = ['jpeg', 'png', 'webp', 'small jpeg', 'small png', 'small webp'] as const;
export type ImageName = (typeof IMAGE_NAMES)[number];
export type Images = Record<ImageName, Buffer>;

const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const someBytes = fc.array(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff, 0xd8, 0xda, 0x22, 0x5c, 0x0a), {
  minLength: 1,
  maxLength: 8,
});

/** Damages that fit any bytes. */
export const byteEdit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ edit: fc.constant('flip' as const), at: place, bit: fc.nat(7) }),
  fc.record({ edit: fc.constant('cut' as const), from: place, share: fc.double({ min: 0, max: 0.3, noNaN: true }) }),
  fc.record({ edit: fc.constant('end' as const), at: place }),
  fc.record({ edit: fc.constant('repeat' as const), from: place, share: fc.double({ min: 0, max: 0.3, noNaN: true }) }),
  fc.record({ edit: fc.constant('insert' as const), at: place, bytes: someBytes }),
  fc.record({ edit: fc.constant('overwrite' as const), at: place, bytes: someBytes }),
);

/** The same, and damages to the structure of an image. */
export const imageEdit: fc.Arbitrary<Edit> = fc.oneof(
  byteEdit,
  // Half of the bits are flipped where the headers are.
  fc.record({ edit: fc.constant('flip' as const), at: place.map((at) => at / 20), bit: fc.nat(7) }),
  fc.record({ edit: fc.constant('splice' as const), other: fc.constantFrom(...IMAGE_NAMES), at: place }),
  fc.record({
    edit: fc.constant('chunk' as const),
    pick: fc.nat(11),
    change: fc.constantFrom('drop', 'twice', 'longer', 'shorter', 'rename', 'noise', 'last'),
  }),
);

/** The bytes with all edits made, one after the other. */
export function applyEdits(bytes: Buffer, edits: readonly Edit[], images: Images): Buffer {
  return edits.reduce((edited, edit) => applyEdit(edited, edit, images), bytes);
}

function applyEdit(bytes: Buffer, edit: Edit, images: Images): Buffer {
  const offset = (share: number) => Math.floor(share * bytes.length);
  switch (edit.edit) {
    case 'flip': {
      const copy = Buffer.from(bytes);
      const at = offset(edit.at);
      if (at < copy.length) copy[at] = (copy[at] as number) ^ (1 << edit.bit);
      return copy;
    }
    case 'cut':
      return Buffer.concat([bytes.subarray(0, offset(edit.from)), bytes.subarray(offset(edit.from + edit.share))]);
    case 'end':
      return bytes.subarray(0, offset(edit.at));
    case 'repeat': {
      const end = offset(Math.min(1, edit.from + edit.share));
      return Buffer.concat([bytes.subarray(0, end), bytes.subarray(offset(edit.from))]);
    }
    case 'insert':
      return Buffer.concat([
        bytes.subarray(0, offset(edit.at)),
        Buffer.from(edit.bytes),
        bytes.subarray(offset(edit.at)),
      ]);
    case 'overwrite': {
      const copy = Buffer.from(bytes);
      Buffer.from(edit.bytes).copy(copy, Math.min(offset(edit.at), copy.length));
      return copy;
    }
    case 'splice': {
      const other = images[edit.other];
      return Buffer.concat([other.subarray(0, Math.floor(edit.at * other.length)), bytes.subarray(offset(edit.at))]);
    }
    case 'chunk':
      return editChunk(bytes, edit);
  }
}

type Chunk = { start: number; end: number; lengthAt: number; lengthBytes: 2 | 4; nameAt: number };

function editChunk(bytes: Buffer, { pick, change }: Extract<Edit, { edit: 'chunk' }>): Buffer {
  const chunks = chunksOf(bytes);
  const chunk = chunks[pick % Math.max(1, chunks.length)];
  if (!chunk) return bytes;
  const [before, self, after] = [
    bytes.subarray(0, chunk.start),
    Buffer.from(bytes.subarray(chunk.start, chunk.end)),
    bytes.subarray(chunk.end),
  ];
  const lengthAt = chunk.lengthAt - chunk.start;
  const isLittle = bytes.toString('latin1', 0, 4) === 'RIFF';
  const resize = (by: number) => {
    if (chunk.lengthBytes === 2) self.writeUInt16BE((self.readUInt16BE(lengthAt) + by) & 0xffff, lengthAt);
    else if (isLittle) self.writeUInt32LE((self.readUInt32LE(lengthAt) + by) >>> 0, lengthAt);
    else self.writeUInt32BE((self.readUInt32BE(lengthAt) + by) >>> 0, lengthAt);
  };
  switch (change) {
    case 'drop':
      return Buffer.concat([before, after]);
    case 'twice':
      return Buffer.concat([before, self, self, after]);
    case 'longer':
      resize(7);
      break;
    case 'shorter':
      resize(-7);
      break;
    case 'rename':
      self[chunk.nameAt - chunk.start] = ((self[chunk.nameAt - chunk.start] as number) + 1) & 0xff;
      break;
    case 'noise': {
      const from = Math.min(self.length, 12);
      for (let at = from; at < self.length - 4; at += 3) self[at] = (at * 37) & 0xff;
      // A PNG whose checksums are right is read further.
      if (bytes[0] === 0x89) self.writeUInt32BE(crc32(self.subarray(4, -4)), self.length - 4);
      break;
    }
    case 'last':
      return Buffer.concat([before, after, self]);
  }
  return Buffer.concat([before, self, after]);
}

/** Where the parts of an image begin and end, as far as it can be followed. */
function chunksOf(bytes: Buffer): Chunk[] {
  if (bytes.length < 20) return [];
  if (bytes[0] === 0x89)
    return walk(bytes, 8, (at) => ({ size: 12 + bytes.readUInt32BE(at), lengthAt: at, nameAt: at + 4 }));
  if (bytes.toString('latin1', 0, 4) === 'RIFF')
    return walk(bytes, 12, (at) => {
      const length = bytes.readUInt32LE(at + 4);
      return { size: 8 + length + (length % 2), lengthAt: at + 4, nameAt: at };
    });
  return walk(bytes, 2, (at) =>
    bytes[at] === 0xff && bytes[at + 1] !== 0xda
      ? { size: 2 + bytes.readUInt16BE(at + 2), lengthAt: at + 2, nameAt: at + 1 }
      : null,
  );
}

function walk(
  bytes: Buffer,
  first: number,
  read: (at: number) => { size: number; lengthAt: number; nameAt: number } | null,
): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = first; at + 12 <= bytes.length && chunks.length < 64; ) {
    const found = read(at);
    if (!found || found.size < 4 || at + found.size > bytes.length) break;
    const lengthBytes = first === 2 ? 2 : 4;
    chunks.push({ start: at, end: at + found.size, lengthAt: found.lengthAt, lengthBytes, nameAt: found.nameAt });
    at += found.size;
  }
  return chunks;
}
