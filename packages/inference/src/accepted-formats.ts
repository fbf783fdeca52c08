/** Which image formats this process reads at all: JPEG, PNG and WebP, for strangers' bytes. */
import sharp from 'sharp';

// libvips reads dozens of formats, some through parsers with a poor record. This is process-wide on purpose: nothing
// else in a process that decodes has a reason to load an image.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer'],
});

/** Whether the bytes begin as one of the three does. */
export function hasAcceptedSignature(image: Uint8Array): boolean {
  const head = Buffer.from(image.buffer, image.byteOffset, Math.min(image.byteLength, 12)).toString('latin1');
  const isWebp = head.startsWith('RIFF') && head.endsWith('WEBP');
  return head.startsWith('\xff\xd8\xff') || head.startsWith('\x89PNG\r\n\x1a\n') || isWebp;
}
