import { describe, expect, it } from 'vitest';
import { measureGains } from './balance-white.ts';

const SIZE = { width: 80, height: 60 };
const FACE = { x: 25, y: 10, width: 30, height: 40 };

/** A grey wall of many shades under a light of this colour, with a face of its own colour. */
function aRoom(light: readonly number[], skin: readonly number[] = [0.9, 0.6, 0.4]) {
  const data = new Uint8Array(SIZE.width * SIZE.height * 3);
  for (let at = 0; at < data.length; at++) {
    const pixel = Math.floor(at / 3);
    const [x, y] = [pixel % SIZE.width, Math.floor(pixel / SIZE.width)];
    const isFace = x >= FACE.x && x < FACE.x + FACE.width && y >= FACE.y && y < FACE.y + FACE.height;
    const grey = 60 + ((x * 7 + y * 13) % 120);
    data[at] = (light[at % 3] as number) * (isFace ? 200 * (skin[at % 3] as number) : grey);
  }
  return { ...SIZE, data };
}

const gainsIn = (light: readonly number[], strength = 1) =>
  measureGains({ picture: aRoom(light), face: FACE, strength });

describe('measureGains', () => {
  it('leaves a picture under white light alone, whatever the skin', () => {
    for (const skin of [
      [0.9, 0.6, 0.4],
      [0.3, 0.2, 0.15],
    ]) {
      const gains = measureGains({ picture: aRoom([1, 1, 1], skin), face: FACE, strength: 1 });
      for (const gain of gains) expect(gain).toBeCloseTo(1, 2);
    }
  });

  it('takes out a warm and a cold light, luma kept', () => {
    for (const light of [
      [1, 0.9, 0.75],
      [0.8, 0.9, 1],
    ] as const) {
      const gains = gainsIn(light);
      const balanced = gains.map((gain, channel) => gain * (light[channel] as number)) as [number, number, number];
      expect(balanced[0] / balanced[1]).toBeCloseTo(1, 1);
      expect(balanced[2] / balanced[1]).toBeCloseTo(1, 1);
      const luma = ([red, green, blue]: readonly [number, number, number]) =>
        0.299 * red + 0.587 * green + 0.114 * blue;
      expect(luma(balanced)).toBeCloseTo(luma(light), 1);
    }
  });

  it('goes part of the way at part of the strength, and nowhere at none', () => {
    const [full, half] = [gainsIn([1, 0.9, 0.75]), gainsIn([1, 0.9, 0.75], 0.5)];
    for (const [channel, gain] of half.entries()) expect(gain ** 2).toBeCloseTo(full[channel] as number, 5);
    expect(gainsIn([1, 0.9, 0.75], 0)).toEqual([1, 1, 1]);
  });

  it('is bounded, also where a channel is empty', () => {
    for (const light of [
      [1, 0.2, 0.1],
      [1, 1, 0],
      [0, 0, 0],
    ])
      for (const gain of gainsIn(light)) {
        expect(gain).toBeGreaterThanOrEqual(0.7);
        expect(gain).toBeLessThanOrEqual(1.4);
      }
  });

  it('looks at the whole picture where the face leaves nothing', () => {
    const face = { x: -5, y: -5, width: 100, height: 80 };
    const [red, , blue] = measureGains({ picture: aRoom([1, 0.9, 0.75]), face, strength: 1 });
    expect(red).toBeLessThan(1);
    expect(blue).toBeGreaterThan(1);
  });
});
