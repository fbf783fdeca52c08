/** A client's logo, drawn anew: what is kept is pixels of ours in a file of ours, never a byte of the one that was given. */
import { CodedError } from '@livegate/domain/errors';
import sharp from 'sharp';
import { hasAcceptedSignature } from './accepted-formats.ts';

/** Twice what the page shows, for dense screens. */
const LOGO_SIZE = { width: 480, height: 128 } as const;
// What the database takes at the most.
const MAX_BYTES = 102_400;
const MAX_PIXELS = 25_000_000;
const TIMEOUT_SECONDS = 5;

/**
 * A PNG of at most 480x128 and 100 KB, transparency kept. Throws `unreadable_image` for anything but a JPEG, PNG or WebP:
 * SVG is a program of sorts, and is not taken.
 */
export async function encodeLogo(image: Uint8Array): Promise<Buffer> {
  if (!hasAcceptedSignature(image)) {
    throw new CodedError('unreadable_image', 'A logo must be a PNG, JPEG or WebP picture; SVG is not taken.');
  }
  const small = sharp(image, { failOn: 'error', limitInputPixels: MAX_PIXELS })
    .autoOrient()
    .resize({ ...LOGO_SIZE, fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .timeout({ seconds: TIMEOUT_SECONDS });
  try {
    const exact = await small.clone().png({ compressionLevel: 9 }).toBuffer();
    // A byte for a pixel: 62 KB at the most.
    return exact.length <= MAX_BYTES ? exact : await small.png({ palette: true }).toBuffer();
  } catch (error) {
    throw new CodedError('unreadable_image', 'The logo could not be decoded.', { cause: error });
  }
}
