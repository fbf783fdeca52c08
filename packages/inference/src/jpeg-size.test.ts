import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import './decode-image.ts';
import { readJpegSize } from './jpeg-size.ts';

function jpeg(options: { progressive?: boolean } = {}): Promise<Buffer> {
  const blank = sharp({ create: { width: 321, height: 123, channels: 3, background: '#123456' } });
  return blank.withMetadata({ orientation: 6, density: 72 }).jpeg(options).toBuffer();
}

describe('readJpegSize', () => {
  it.each([{}, { progressive: true }])('reads the size before orientation (%o)', async (options) => {
    expect(readJpegSize(await jpeg(options))).toEqual({ width: 321, height: 123 });
  });

  it('works on a view that does not start where its buffer does', async () => {
    const bytes = await jpeg();
    expect(readJpegSize(Buffer.concat([Buffer.from('abc'), bytes]).subarray(3))).toEqual({ width: 321, height: 123 });
  });

  it('gives null for other formats, and wherever the header ends early', async () => {
    expect(readJpegSize(new Uint8Array())).toBeNull();
    expect(readJpegSize(Buffer.from('\x89PNG\r\n\x1a\n 1234567890', 'latin1'))).toBeNull();
    const bytes = await jpeg();
    const sizes = Array.from({ length: 40 }, (_, length) => readJpegSize(bytes.subarray(0, length)));
    expect(sizes.every((size) => size === null)).toBe(true);
  });
});
