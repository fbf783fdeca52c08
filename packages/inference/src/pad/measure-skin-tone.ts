/** An estimate of skin tone for the fairness figures of an evaluation. It never touches a score. */
import type { BoundingBox } from '@livegate/domain/verdict';
import type { Picture } from '../decode-image.ts';

/** The middle half of the box in both directions: cheeks and nose, without hair, background and most beards. */
const CENTRE = { from: 0.25, to: 0.75 };

/**
 * Individual typology angle in degrees of the face's centre: `atan((L* - 50) / b*)` in CIELAB (Chardon 1991); above 55
 * very light, below -30 very dark. Light and camera move it, so it orders faces within one set; it does not
 * classify people.
 */
export function measureSkinTone(picture: Picture, box: BoundingBox): number {
  const { lightness, yellowness } = toLab(meanLinearColour(picture, box));
  return (Math.atan2(lightness - 50, yellowness) * 180) / Math.PI;
}

type LinearColour = { red: number; green: number; blue: number };

function meanLinearColour(picture: Picture, box: BoundingBox): LinearColour {
  const columns = centreOf(box.left, box.width, picture.width);
  const rows = centreOf(box.top, box.height, picture.height);
  const sum = { red: 0, green: 0, blue: 0 };
  for (let y = rows.first; y <= rows.last; y++) {
    for (let x = columns.first; x <= columns.last; x++) {
      const at = (y * picture.width + x) * 3;
      sum.red += LINEAR[picture.data[at] as number] as number;
      sum.green += LINEAR[picture.data[at + 1] as number] as number;
      sum.blue += LINEAR[picture.data[at + 2] as number] as number;
    }
  }
  const pixels = (columns.last - columns.first + 1) * (rows.last - rows.first + 1);
  return { red: sum.red / pixels, green: sum.green / pixels, blue: sum.blue / pixels };
}

function centreOf(start: number, length: number, pixels: number): { first: number; last: number } {
  const pixelAt = (share: number) => Math.min(pixels - 1, Math.floor((start + length * share) * pixels));
  return { first: pixelAt(CENTRE.from), last: pixelAt(CENTRE.to) };
}

/** IEC 61966-2-1: sRGB values to linear light. */
const LINEAR = Float64Array.from({ length: 256 }, (_, value) => {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
});

/** CIELAB under D65 (CIE 15); a* is not needed. */
function toLab({ red, green, blue }: LinearColour): { lightness: number; yellowness: number } {
  const y = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  const z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089;
  return { lightness: 116 * cubeRoot(y) - 16, yellowness: 200 * (cubeRoot(y) - cubeRoot(z)) };
}

function cubeRoot(value: number): number {
  return value > (6 / 29) ** 3 ? Math.cbrt(value) : value / (3 * (6 / 29) ** 2) + 4 / 29;
}
