import { Trouble } from './trouble.ts';

// The protocol's limit for one frame; 0.9 meets it for all but very noisy pictures of 1280x720.
const LARGEST_JPEG_BYTES = 500_000;
const QUALITIES = [0.9, 0.8, 0.65, 0.5] as const;

// Half the bytes of 0.9, and still more than the models see.
const QUALITIES_OF_SLOW_LINE = QUALITIES.slice(1);

/** Encodes at the best quality that stays within the byte limit; the last one is taken as it comes. */
export async function encodeFrame(
  encode: (quality: number) => Promise<Blob | null>,
  { isSlow }: { isSlow: boolean },
): Promise<Blob> {
  let smallest: Blob | null = null;
  for (const quality of isSlow ? QUALITIES_OF_SLOW_LINE : QUALITIES) {
    const jpeg = await encode(quality);
    if (!jpeg) throw new Trouble('camera_silent');
    if (jpeg.size <= LARGEST_JPEG_BYTES) return jpeg;
    smallest = jpeg;
  }
  if (!smallest) throw new Trouble('camera_silent');
  return smallest;
}
