import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage } from './decode-image.ts';

/** 40x20: left half red, right half blue. */
function redBlue() {
  const data = Buffer.alloc(40 * 20 * 3);
  for (let at = 0; at < 800; at++) data[at * 3 + (at % 40 < 20 ? 0 : 2)] = 255;
  return sharp(data, { raw: { width: 40, height: 20, channels: 3 } });
}

function flat(width: number, height: number) {
  return sharp({ create: { width, height, channels: 3, background: { r: 90, g: 90, b: 90 } } });
}

async function colourAt(image: Uint8Array, x: number, y: number): Promise<number[]> {
  const { picture } = await decodeImage(image);
  const at = (y * picture.width + x) * 3;
  return [...picture.data.subarray(at, at + 3)];
}

const refused = { name: 'CodedError', code: 'unreadable_image' };

describe('decodeImage', () => {
  it.each(['jpeg', 'png', 'webp'] as const)('decodes %s', async (format) => {
    const [red, green, blue] = await colourAt(await redBlue().toFormat(format, { quality: 100 }).toBuffer(), 4, 10);
    expect(red).toBeGreaterThan(240);
    expect(green).toBeLessThan(15);
    expect(blue).toBeLessThan(15);
  });

  it('applies the EXIF orientation', async () => {
    const turned = await redBlue().withMetadata({ orientation: 6 }).jpeg({ quality: 100 }).toBuffer();
    const { picture, original } = await decodeImage(turned);
    expect([picture.width, picture.height]).toEqual([20, 40]);
    expect(original).toEqual({ width: 20, height: 40 });
    // Turned by 90 degrees clockwise, the left half is on top.
    expect((await colourAt(turned, 10, 5))[0]).toBeGreaterThan(240);
    expect((await colourAt(turned, 10, 35))[2]).toBeGreaterThan(240);
  });

  it.each([
    { name: 'grey JPEG', make: () => flat(30, 30).greyscale().jpeg() },
    { name: 'grey PNG with alpha', make: () => flat(30, 30).ensureAlpha(0.5).greyscale().png() },
    { name: 'palette PNG', make: () => flat(30, 30).png({ palette: true }) },
    { name: '16 bit PNG', make: () => flat(30, 30).toColourspace('rgb16').png() },
    { name: 'CMYK JPEG', make: () => flat(30, 30).toColourspace('cmyk').jpeg() },
    { name: 'WebP with alpha', make: () => flat(30, 30).ensureAlpha(0.5).webp({ lossless: true }) },
  ])('makes three sRGB channels of a $name', async ({ make }) => {
    const { picture } = await decodeImage(await make().toBuffer());
    expect(picture.data.length).toBe(30 * 30 * 3);
    for (const value of picture.data.subarray(0, 3)) expect(Math.abs(value - 90)).toBeLessThan(20);
  });

  it('bounds the long side and reports the original size', async () => {
    const { picture, original } = await decodeImage(await flat(3200, 1000).jpeg().toBuffer());
    expect([picture.width, picture.height]).toEqual([1600, 500]);
    expect(original).toEqual({ width: 3200, height: 1000 });
  });

  it('does not enlarge', async () => {
    const { picture } = await decodeImage(await flat(50, 40).png().toBuffer());
    expect([picture.width, picture.height]).toEqual([50, 40]);
  });

  it.each([
    { name: 'nothing', make: async () => Buffer.alloc(0) },
    { name: 'text', make: async () => Buffer.from('not an image at all, but long enough to look at') },
    { name: 'SVG', make: async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>') },
    { name: 'GIF', make: () => flat(9, 9).gif().toBuffer() },
    { name: 'TIFF', make: () => flat(9, 9).tiff().toBuffer() },
    { name: 'AVIF', make: () => flat(16, 16).avif().toBuffer() },
    { name: 'a bare JPEG signature', make: async () => Buffer.from([0xff, 0xd8, 0xff, 0xe0]) },
    {
      name: 'a GIF behind a JPEG signature',
      make: async () => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), await flat(9, 9).gif().toBuffer()]),
    },
    { name: 'a JPEG above 25 MP', make: () => flat(5100, 5000).jpeg().toBuffer() },
    { name: 'a PNG above 25 MP', make: () => flat(26_000, 1000).png().toBuffer() },
  ])('refuses $name', async ({ make }) => {
    await expect(decodeImage(await make())).rejects.toMatchObject(refused);
  });

  it.each(['jpeg', 'png', 'webp'] as const)('says of a %s above 25 MP that it is too large', async (format) => {
    const image = await flat(5100, 5000).toFormat(format).toBuffer();
    await expect(decodeImage(image)).rejects.toThrow(/more than 25000000 pixels/);
  });

  it.each(['jpeg', 'png', 'webp'] as const)('refuses a truncated %s', async (format) => {
    const noise = sharp({
      create: {
        width: 200,
        height: 200,
        channels: 3,
        background: '#000',
        noise: { type: 'gaussian', mean: 128, sigma: 40 },
      },
    });
    const whole = await noise.toFormat(format).toBuffer();
    await expect(decodeImage(whole)).resolves.toBeDefined();
    await expect(decodeImage(whole.subarray(0, whole.length * 0.6))).rejects.toMatchObject(refused);
  });

  it('keeps other loaders blocked even for code that bypasses it', async () => {
    await expect(sharp(await flat(9, 9).gif().toBuffer()).metadata()).rejects.toThrow();
    await expect(sharp(await flat(9, 9).tiff().toBuffer()).metadata()).rejects.toThrow();
  });
});
