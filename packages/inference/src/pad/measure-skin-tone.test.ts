import { describe, expect, it } from 'vitest';
import { measureSkinTone } from './measure-skin-tone.ts';

const whole = { left: 0, top: 0, width: 1, height: 1 };

function flat(colour: readonly number[]) {
  return { width: 8, height: 8, data: Uint8Array.from({ length: 192 }, (_, at) => colour[at % 3] as number) };
}

describe('measureSkinTone', () => {
  it('agrees with CIELAB computed by hand', () => {
    // sRGB 200, 150, 120 is L* 66.1, b* 23.1: atan(16.1 / 23.1) = 34.8 degrees.
    expect(measureSkinTone(flat([200, 150, 120]), whole)).toBeCloseTo(34.8, 0);
  });

  it('orders light above dark', () => {
    const tones = [
      [240, 210, 190],
      [200, 150, 120],
      [120, 80, 55],
      [60, 40, 30],
    ].map((colour) => measureSkinTone(flat(colour), whole));
    expect(tones).toEqual([...tones].sort((a, b) => b - a));
  });

  it('looks at the middle of the box only', () => {
    const picture = flat([0, 0, 255]);
    for (let y = 2; y <= 6; y++)
      for (let x = 2; x <= 6; x++) picture.data.set([200, 150, 120], (y * picture.width + x) * 3);
    expect(measureSkinTone(picture, whole)).toBeCloseTo(34.8, 0);
  });
});
