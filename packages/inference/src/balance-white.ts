/**
 * The colour of the light, taken out before the nets look: they take a warm cast for a living face and a cold one for a
 * print, and which cast a picture has is the camera's choice (ablation: README). The light is estimated as in "shades of
 * grey" (Finlayson and Trezzi, 2004): the Minkowski mean of the picture with p = 6, in which bright surfaces count most;
 * without the face, because the colour of a skin is not the colour of the light.
 */
import type { Picture } from './decode-image.ts';
import type { Box } from './face-box.ts';
import type { Gains } from './resample.ts';

/** 2004's best for natural images; 1 would be the grey world, infinity the brightest pixel. */
const NORM = 6;

/** Hair and the edges of the face are left out with it. */
const FACE_MARGIN = 1.15;

/** About so many pixels are looked at: more do not move the mean. */
const SAMPLES = 6_000;

/** Less of a picture than this says nothing about the light: then the face is looked at as well. */
const LEAST_SHARE = 0.1;

/** A cast beyond it is a coloured room and not a camera's mistake. */
const BOUNDS = { lowest: 0.7, highest: 1.4 };

const POWERS = Float64Array.from({ length: 256 }, (_, value) => (value / 255) ** NORM);

/** Factors that make the light grey when `strength` is 1, and half-way when it is 0.5; luma stays. */
export function measureGains(work: { picture: Picture; face: Box; strength: number }): Gains {
  const { picture, face, strength } = work;
  const around = lightOf(picture, grow(face));
  const light = around.share >= LEAST_SHARE ? around.light : lightOf(picture, null).light;
  const [red, green, blue] = light;
  const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
  const gain = (channel: number) => {
    const full = channel > 0 ? luma / channel : 1;
    return Math.min(BOUNDS.highest, Math.max(BOUNDS.lowest, full ** strength));
  };
  return [gain(red), gain(green), gain(blue)];
}

function grow({ x, y, width, height }: Box): Box {
  const [wider, higher] = [(FACE_MARGIN - 1) * width, (FACE_MARGIN - 1) * height];
  return { x: x - wider / 2, y: y - higher / 2, width: width + wider, height: height + higher };
}

/** Minkowski means of the channels outside a box, and the share of the picture that they were taken from. */
function lightOf({ width, height, data }: Picture, without: Box | null): { light: Gains; share: number } {
  const step = Math.max(1, Math.floor(Math.sqrt((width * height) / SAMPLES)));
  const [left, right] = without ? [without.x, without.x + without.width] : [width, width];
  const [top, bottom] = without ? [without.y, without.y + without.height] : [height, height];
  let [red, green, blue, count, all] = [0, 0, 0, 0, 0];
  for (let y = 0; y < height; y += step) {
    const isBeside = y < top || y >= bottom;
    for (let x = 0; x < width; x += step, all++) {
      if (!isBeside && x >= left && x < right) continue;
      const at = (y * width + x) * 3;
      red += POWERS[data[at] as number] as number;
      green += POWERS[data[at + 1] as number] as number;
      blue += POWERS[data[at + 2] as number] as number;
      count++;
    }
  }
  const meanOf = (sum: number) => (count > 0 ? (sum / count) ** (1 / NORM) : 0);
  return { light: [meanOf(red), meanOf(green), meanOf(blue)], share: count / all };
}
