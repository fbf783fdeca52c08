/** From untrusted bytes to pixels of a bounded size, or a refusal. */
import { CodedError } from '@livegate/domain/errors';
import sharp from 'sharp';
import { hasAcceptedSignature } from './accepted-formats.ts';
import type { Size } from './face-box.ts';
import { readJpegSize } from './jpeg-size.ts';

/** Interleaved RGB, 8 bits, rows from the top, `width * height * 3` bytes. */
export type Picture = Size & { data: Uint8Array };

export type DecodedImage = {
  picture: Picture;
  /** Width and height of the upload after orientation; the picture is the same or smaller. */
  original: Size;
};

/** A phone's 24 MP main camera still fits; 75 MB of raw pixels is what one decode may hold. */
const MAX_PIXELS = 25_000_000;

/**
 * Bounds the work per frame. A face 7 % as wide as the frame still has over 100 px, and the largest model input is
 * 128 px; the pictures that the recipes were measured on were at most 1440 px long.
 */
const MAX_LONG_SIDE = 1600;

/** A 25 MP picture of noise took 0.14 s as JPEG, 0.24 s as PNG, 0.7 s as WebP on one core; 2 s is no honest upload. */
const TIMEOUT_SECONDS = 2;

// Every frame is seen once, and one inference process is meant to use one core.
sharp.cache(false);
sharp.concurrency(1);

/**
 * Decodes a JPEG, PNG or WebP image: EXIF orientation applied, alpha dropped, sRGB, long side at most 1600 px.
 * Throws `unreadable_image` for anything else, for a damaged image, above 25 MP, and after 2 s.
 */
export async function decodeImage(image: Uint8Array): Promise<DecodedImage> {
  if (!hasAcceptedSignature(image)) throw unreadable('The bytes are not a JPEG, PNG or WebP image.');
  try {
    const original = isSurelySmall(image) ? null : await readSize(image);
    const { data, info } = await decode(image);
    const size = { width: info.width, height: info.height };
    return { picture: { ...size, data: toThreeChannels(data, info.channels) }, original: original ?? size };
  } catch (error) {
    if (error instanceof CodedError) throw error;
    throw unreadable('The image could not be decoded.', error);
  }
}

/**
 * Whether the picture is decoded at its own size, so that the decoder's answer tells the size of the upload as well.
 * Asking libvips first costs 0.2 ms, a tenth of what decoding a webcam's frame does.
 */
function isSurelySmall(image: Uint8Array): boolean {
  const size = readJpegSize(image);
  return size !== null && Math.max(size.width, size.height) <= MAX_LONG_SIDE;
}

function decode(image: Uint8Array) {
  return open(image)
    .autoOrient()
    .resize({ width: MAX_LONG_SIDE, height: MAX_LONG_SIDE, fit: 'inside', withoutEnlargement: true })
    .removeAlpha()
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .timeout({ seconds: TIMEOUT_SECONDS })
    .toBuffer({ resolveWithObject: true });
}

/** Reads the header only: the size after orientation. */
async function readSize(image: Uint8Array): Promise<Size> {
  // Without sharp's own limit, which would refuse first and not say why.
  const { autoOrient: size } = await open(image, false).metadata();
  if (size.width * size.height > MAX_PIXELS) throw unreadable(`The image has more than ${MAX_PIXELS} pixels.`);
  return { width: size.width, height: size.height };
}

function open(image: Uint8Array, limitInputPixels: number | false = MAX_PIXELS) {
  return sharp(image, { failOn: 'error', limitInputPixels, sequentialRead: true });
}

function toThreeChannels(data: Buffer, channels: number): Uint8Array {
  if (channels === 3) return data;
  const rgb = new Uint8Array((data.length / channels) * 3);
  for (let pixel = 0; pixel * 3 < rgb.length; pixel++)
    rgb.fill(data[pixel * channels] as number, pixel * 3, pixel * 3 + 3);
  return rgb;
}

function unreadable(message: string, cause?: unknown): CodedError {
  return new CodedError('unreadable_image', message, { cause });
}
