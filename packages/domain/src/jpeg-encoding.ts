/**
 * How a JPEG was encoded, as one short text such as `960x720 c0 e0e2 q90`: size, kind of frame, segments, and the quality
 * by which the tables of libjpeg were scaled, or a checksum of tables that are none of its. It says nothing of the picture.
 */

/** Null for what is no whole JPEG header. */
export function describeEncoding(jpeg: Uint8Array): string | null {
  const segments: string[] = [];
  let frame: { marker: number; at: number } | null = null;
  let luma: Uint8Array | null = null;
  for (let at = 2; at + 4 <= jpeg.length; ) {
    const [start, marker = 0] = [jpeg[at], jpeg[at + 1]];
    const length = number16(jpeg, at + 2);
    if (start !== 0xff || length < 2 || at + 2 + length > jpeg.length) return null;
    if (marker === SCAN) break;
    if (isApplicationData(marker) || marker === COMMENT) segments.push(marker.toString(16));
    if (isFrame(marker)) frame ??= { marker, at: at + 4 };
    // One segment may hold several tables; the first is that of brightness.
    if (marker === TABLES && length >= 67) luma ??= jpeg.subarray(at + 5, at + 5 + 64);
    at += 2 + length;
  }
  if (!frame || !luma) return null;
  const size = `${number16(jpeg, frame.at + 3)}x${number16(jpeg, frame.at + 1)}`;
  return [size, frame.marker.toString(16), segments.slice(0, MOST_SEGMENTS).join('') || '-', nameOf(luma)].join(' ');
}

const [SCAN, TABLES, COMMENT] = [0xda, 0xdb, 0xfe];
const MOST_SEGMENTS = 8;

const isApplicationData = (marker: number) => marker >= 0xe0 && marker <= 0xef;
/** Start of frame; c4, c8 and cc are other things among them. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

function number16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function nameOf(luma: Uint8Array): string {
  for (let quality = 1; quality <= 100; quality++) {
    if (isScaled(luma, quality)) return `q${quality}`;
  }
  let sum = 0;
  for (const value of luma) sum = (Math.imul(sum, 31) + value) >>> 0;
  return `t${sum.toString(16)}`;
}

function isScaled(luma: Uint8Array, quality: number): boolean {
  const percent = quality < 50 ? Math.floor(5_000 / quality) : 200 - 2 * quality;
  return STANDARD.every((value, index) => {
    const scaled = Math.min(255, Math.max(1, Math.floor((value * percent + 50) / 100)));
    return luma[index] === scaled;
  });
}

/** Brightness in ISO/IEC 10918-1, table K.1, in the zigzag order of files: what libjpeg scales by its quality. */
const STANDARD = [
  16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61,
  60, 57, 51, 56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87, 95, 98, 103, 104, 103, 62, 77, 113, 121,
  112, 100, 120, 92, 101, 103, 99,
] as const;
