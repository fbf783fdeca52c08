import { expect, test } from 'vitest';
import { encodeFrame } from './encode-frame.ts';

const good = { isSlow: false };
const ofBytes = (bytes: number) => new Blob([new Uint8Array(bytes)]);

test('the best quality is kept when it fits', async () => {
  const qualities: number[] = [];
  await encodeFrame(async (quality) => {
    qualities.push(quality);
    return ofBytes(500_000);
  }, good);
  expect(qualities).toEqual([0.9]);
});

test('quality goes down until the frame fits', async () => {
  const jpeg = await encodeFrame(async (quality) => ofBytes(quality > 0.7 ? 600_000 : 400_000), good);
  expect(jpeg.size).toBe(400_000);
});

test('a frame that never fits is sent as small as it gets', async () => {
  const jpeg = await encodeFrame(async (quality) => ofBytes(1_000_000 * quality + 100_000), good);
  expect(jpeg.size).toBe(600_000);
});

test('a picture the browser cannot encode is a silent camera', async () => {
  await expect(encodeFrame(async () => null, good)).rejects.toMatchObject({ code: 'camera_silent' });
});

test('a slow line is spared the best quality', async () => {
  const qualities: number[] = [];
  await encodeFrame(
    async (quality) => {
      qualities.push(quality);
      return ofBytes(60_000);
    },
    { isSlow: true },
  );
  expect(qualities).toEqual([0.8]);
});
