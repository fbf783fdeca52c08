import { describe, expect, it } from 'vitest';
import type { Picture } from './decode-image.ts';
import type { Box, Size } from './face-box.ts';
import { resampleToPlanes } from './resample.ts';

const RAW = { colour: 'rgb', mean: 0, std: 1 } as const;

function aPicture(width: number, height: number): Picture {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, at) => (at * 73 + ((at * at) % 91)) % 256);
  return { width, height, data };
}

function at(picture: Picture, [x, y]: [number, number], channel: number): number {
  const isInside = x >= 0 && y >= 0 && x < picture.width && y < picture.height;
  return isInside ? (picture.data[(y * picture.width + x) * 3 + channel] as number) : 0;
}

/** Mean by brute force: every source pixel with the area it shares with the output pixel. */
function naiveArea(picture: Picture, region: Box, size: Size): number[] {
  return naive(size, (x, y, channel) => {
    const [stepX, stepY] = [region.width / size.width, region.height / size.height];
    let sum = 0;
    for (let sourceY = 0; sourceY < region.height; sourceY++) {
      for (let sourceX = 0; sourceX < region.width; sourceX++) {
        const width = Math.min(sourceX + 1, (x + 1) * stepX) - Math.max(sourceX, x * stepX);
        const height = Math.min(sourceY + 1, (y + 1) * stepY) - Math.max(sourceY, y * stepY);
        if (width <= 0 || height <= 0) continue;
        sum += width * height * at(picture, [region.x + sourceX, region.y + sourceY], channel);
      }
    }
    return sum / (stepX * stepY);
  });
}

/** Four neighbours of the pixel centre, edges of the region repeated. */
function naiveBilinear(picture: Picture, region: Box, size: Size): number[] {
  const read = (x: number, y: number, channel: number) => {
    const insideX = Math.min(Math.max(x, 0), region.width - 1);
    const insideY = Math.min(Math.max(y, 0), region.height - 1);
    return at(picture, [region.x + insideX, region.y + insideY], channel);
  };
  return naive(size, (x, y, channel) => {
    const [centreX, centreY] = [
      ((x + 0.5) * region.width) / size.width - 0.5,
      ((y + 0.5) * region.height) / size.height - 0.5,
    ];
    const [left, top] = [Math.floor(centreX), Math.floor(centreY)];
    const [fx, fy] = [centreX - left, centreY - top];
    const upper = read(left, top, channel) * (1 - fx) + read(left + 1, top, channel) * fx;
    const lower = read(left, top + 1, channel) * (1 - fx) + read(left + 1, top + 1, channel) * fx;
    return upper * (1 - fy) + lower * fy;
  });
}

function naive(size: Size, value: (x: number, y: number, channel: number) => number): number[] {
  const values: number[] = [];
  for (let channel = 0; channel < 3; channel++) {
    for (let y = 0; y < size.height; y++) for (let x = 0; x < size.width; x++) values.push(value(x, y, channel));
  }
  return values;
}

function expectClose(actual: Float32Array, expected: number[]): void {
  expect(actual.length).toBe(expected.length);
  const worst = expected.reduce(
    (largest, value, index) => Math.max(largest, Math.abs(value - (actual[index] as number))),
    0,
  );
  expect(worst).toBeLessThan(0.01);
}

const REGIONS: { name: string; region: Box }[] = [
  { name: 'inside the picture', region: { x: 3, y: 2, width: 17, height: 13 } },
  { name: 'over the left and upper edge', region: { x: -6, y: -4, width: 21, height: 21 } },
  { name: 'over the right and lower edge', region: { x: 15, y: 12, width: 25, height: 19 } },
  { name: 'larger than the picture', region: { x: -10, y: -9, width: 50, height: 47 } },
];

describe('resampleToPlanes', () => {
  const picture = aPicture(29, 23);

  it.each(REGIONS)('takes the exact mean of a region $name', ({ region }) => {
    const size = { width: 7, height: 5 };
    expectClose(
      resampleToPlanes({ picture, region, size, kernel: 'area', format: RAW }),
      naiveArea(picture, region, size),
    );
  });

  it.each(REGIONS)('interpolates a region $name without antialias', ({ region }) => {
    for (const size of [
      { width: 8, height: 6 },
      { width: 64, height: 48 },
    ]) {
      const planes = resampleToPlanes({ picture, region, size, kernel: 'bilinear', format: RAW });
      expectClose(planes, naiveBilinear(picture, region, size));
    }
  });

  it('reorders and scales channels as the format says, outside the picture too', () => {
    const region = { x: -4, y: 0, width: 8, height: 8 };
    const size = { width: 4, height: 4 };
    const raw = resampleToPlanes({ picture, region, size, kernel: 'area', format: RAW });
    const format = { colour: 'bgr', mean: 127, std: 128 } as const;
    const planes = resampleToPlanes({ picture, region, size, kernel: 'area', format });
    const reordered = [...raw.subarray(32), ...raw.subarray(16, 32), ...raw.subarray(0, 16)];
    expectClose(
      planes,
      reordered.map((value) => (value - 127) / 128),
    );
  });

  it('multiplies the picture’s channels by their gains, whatever their order in the planes', () => {
    const region = { x: -4, y: 0, width: 8, height: 8 };
    const size = { width: 4, height: 4 };
    const raw = resampleToPlanes({ picture, region, size, kernel: 'area', format: RAW });
    const format = { colour: 'bgr', mean: 127, std: 128 } as const;
    const planes = resampleToPlanes({ picture, region, size, kernel: 'area', format, gains: [0.5, 1, 1.25] });
    const [red, green, blue] = [raw.subarray(0, 16), raw.subarray(16, 32), raw.subarray(32)];
    const expected = [...blue.map((value) => value * 1.25), ...green, ...red.map((value) => value * 0.5)];
    expectClose(
      planes,
      expected.map((value) => (value - 127) / 128),
    );
  });

  it('leaves the rest of a larger canvas black', () => {
    const region = { x: 0, y: 0, width: 8, height: 8 };
    const canvas = { width: 6, height: 5 };
    const planes = resampleToPlanes({
      picture,
      region,
      size: { width: 4, height: 4 },
      kernel: 'area',
      format: RAW,
      canvas,
    });
    expect(planes.length).toBe(6 * 5 * 3);
    expect([planes[4], planes[5], planes[24]]).toEqual([0, 0, 0]);
    expect(planes[0]).toBeGreaterThan(0);
  });
});
