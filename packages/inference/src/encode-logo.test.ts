import { randomBytes } from 'node:crypto';
import { plainPicture } from '@livegate/test-kit/pictures';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { encodeLogo } from './encode-logo.ts';

it.each(['png', 'jpeg', 'webp'] as const)('makes a small PNG of a %s', async (format) => {
  const logo = await encodeLogo(await plainPicture(1_600, 400, format));
  expect(await sharp(logo).metadata()).toMatchObject({ format: 'png', width: 480, height: 120 });
});

it('keeps what is transparent, and nothing that is not a pixel', async () => {
  const given = await sharp({ create: { width: 96, height: 32, channels: 4, background: '#ff000080' } })
    .withExif({ IFD0: { Copyright: 'somebody' } })
    .png()
    .toBuffer();
  const hidden = Buffer.concat([given, Buffer.from('<script>alert(1)</script>')]);
  const logo = await encodeLogo(hidden);
  const { width, height, hasAlpha, exif } = await sharp(logo).metadata();
  expect({ width, height, hasAlpha, exif }).toEqual({ width: 96, height: 32, hasAlpha: true, exif: undefined });
  expect(logo.includes('script')).toBe(false);
  expect(logo.includes('somebody')).toBe(false);
});

it.each([
  ['an SVG', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script/></svg>')],
  ['a GIF', () => plainPicture(9, 9, 'gif')],
  ['half a PNG', async () => (await plainPicture(400, 400, 'png')).subarray(0, 100)],
  ['nothing', () => Buffer.alloc(0)],
])('refuses %s', async (_what, picture) => {
  await expect(encodeLogo(await picture())).rejects.toMatchObject({ code: 'unreadable_image' });
});

it('takes fewer colours for what would be larger than the database keeps', async () => {
  const raw = { width: 480, height: 128, channels: 3 } as const;
  const noise = sharp(randomBytes(480 * 128 * 3), { raw });
  const given = await noise.png().toBuffer();
  expect(given.length).toBeGreaterThan(102_400);
  expect((await encodeLogo(given)).length).toBeLessThanOrEqual(102_400);
});
