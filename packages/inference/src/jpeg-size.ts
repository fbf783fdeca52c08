/** Width and height out of a JPEG's own header, without a decoder. */
import type { Size } from './face-box.ts';

/** Markers without a length after them: standalone ones, start of image among them. */
const isStandalone = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);

/** Start of frame, any coding; 0xc4, 0xc8 and 0xcc in this range are something else. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** The size in the first frame header, before orientation, or null where the bytes are not plainly a JPEG up to there. */
export function readJpegSize(image: Uint8Array): Size | null {
  const bytes = new DataView(image.buffer, image.byteOffset, image.byteLength);
  let at = 0;
  // A segment needs its marker and length; a frame header has its size in the five bytes after that and its precision.
  while (at + 9 <= bytes.byteLength && bytes.getUint8(at) === 0xff) {
    const marker = bytes.getUint8(at + 1);
    if (isStandalone(marker)) at += 2;
    else if (isFrame(marker)) return { height: bytes.getUint16(at + 5), width: bytes.getUint16(at + 7) };
    else at += 2 + bytes.getUint16(at + 2);
  }
  return null;
}
