/**
 * One image per scenario, which chooses it where a header cannot be sent: `no_face.png` sent to a contract with a test
 * key plays `no_face`. The bytes never change, so that they can be kept beside an integrator's tests; their hash is the choice.
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { DEFAULT_SCENARIO, findScenario, SANDBOX_IMAGE, SCENARIOS } from '@livegate/domain/sandbox';

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const { width, height } = SANDBOX_IMAGE;
// Bytes of one stored block of deflate.
const LONGEST_BLOCK = 65_535;

/** A plain grey PNG that carries the scenario's name as a text chunk. */
export function scenarioImage(name: string): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits of grey, no interlace.
  header.set([8, 0, 0, 0, 0], 8);
  const text = Buffer.from(`Livegate sandbox scenario\0${name}`, 'latin1');
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('tEXt', text),
    chunk('IDAT', storedDeflate(pixels())),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const BY_DIGEST = new Map(Object.keys(SCENARIOS).map((name) => [digestOf(scenarioImage(name)), name]));

/** The scenario that this image stands for, or null. */
export function scenarioOfImage(image: Buffer): string | null {
  return BY_DIGEST.get(digestOf(image)) ?? null;
}

/** What a test key's URL stands for, without a look at it: the image named in its path, or that of the default scenario. */
export function imageOfUrl({ pathname }: URL): Buffer {
  const name = /\/([a-z_]+)\.png$/.exec(pathname)?.[1] ?? DEFAULT_SCENARIO;
  return scenarioImage(findScenario(name) ? name : DEFAULT_SCENARIO);
}

function digestOf(image: Buffer): string {
  return createHash('sha256').update(image).digest('base64');
}

// A filter byte of 0 before each row, then its pixels.
function pixels(): Buffer {
  const rows = Buffer.alloc((width + 1) * height, 0xd0);
  for (let row = 0; row < height; row += 1) rows[row * (width + 1)] = 0;
  return rows;
}

/** A zlib stream of stored blocks: what a compressor makes of the same bytes may differ with its version. */
function storedDeflate(data: Buffer): Buffer {
  const parts: Buffer[] = [Buffer.of(0x78, 0x01)];
  for (let start = 0; start < data.length; start += LONGEST_BLOCK) {
    const block = data.subarray(start, start + LONGEST_BLOCK);
    const head = Buffer.alloc(5);
    head[0] = start + LONGEST_BLOCK >= data.length ? 1 : 0;
    head.writeUInt16LE(block.length, 1);
    head.writeUInt16LE(0xffff - block.length, 3);
    parts.push(head, block);
  }
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(adler32(data));
  return Buffer.concat([...parts, checksum]);
}

function adler32(data: Buffer): number {
  let low = 1;
  let high = 0;
  for (const byte of data) {
    low = (low + byte) % 65_521;
    high = (high + low) % 65_521;
  }
  return high * 65_536 + low;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}
