/** Whether eyes or mouth of a face are covered, from the light and the colour of places that should look like its skin. */
import type { Landmarks } from './locate-landmarks.ts';

/** What a mask or dark glasses change. Ratios of luma, and a distance of colours; 1, 1 and 0 on bare, even skin. */
export type FaceCover = {
  /** The lighter eye with its lids by the skin beside it: 0.4 and more on bare faces, 0.1 to 0.3 behind dark glasses. */
  eyeLight: number;
  /** The lighter of mouth and chin by the darker of forehead and nose: a black mask is below 0.25. */
  mouthLight: number;
  /** Least distance of the chromaticities of mouth or chin to those of forehead or nose: a coloured mask has 0.15 or more. */
  mouthTint: number;
};

/** Points of iBUG 300-W. */
const LEFT_EYE = [36, 37, 38, 39, 40, 41];
const RIGHT_EYE = [42, 43, 44, 45, 46, 47];
const INNER_BROWS = [21, 22] as const;
const NOSE = { top: 27, middle: 29 } as const;
const MOUTH = { left: 48, top: 51, right: 54, bottom: 57 } as const;
const CHIN = 8;

/** Measures one face. */
export function measureCover({ points, planes, size }: Landmarks): FaceCover {
  const x = (point: number) => (points[2 * point] as number) * size;
  const y = (point: number) => (points[2 * point + 1] as number) * size;
  const meanOf = (group: readonly number[], along: (point: number) => number) =>
    group.reduce((sum, point) => sum + along(point), 0) / group.length;
  const eyes = [LEFT_EYE, RIGHT_EYE].map((eye) => ({
    x: meanOf(eye, x),
    y: meanOf(eye, y),
    width: Math.abs(x(eye[3] as number) - x(eye[0] as number)),
  })) as [Eye, Eye];
  const between = Math.abs(eyes[1].x - eyes[0].x);
  const eyeLine = (eyes[0].y + eyes[1].y) / 2;
  const toMouth = (y(MOUTH.left) + y(MOUTH.right)) / 2 - eyeLine;
  const toChin = y(CHIN) - y(MOUTH.bottom);

  const look = (left: number, top: number, right: number, bottom: number) =>
    meanColour({ planes, size }, { left, top, right, bottom });
  const eyeColours = eyes.map((eye) =>
    look(eye.x - 0.6 * eye.width, eye.y - 0.35 * eye.width, eye.x + 0.6 * eye.width, eye.y + 0.45 * eye.width),
  );
  const cheeks = eyes.map((eye) =>
    look(eye.x - 0.16 * between, eyeLine + 0.45 * toMouth, eye.x + 0.16 * between, eyeLine + 0.72 * toMouth),
  );
  const nose = look(x(NOSE.top) - 0.1 * between, y(NOSE.top), x(NOSE.top) + 0.1 * between, y(NOSE.middle));
  const [leftBrow, rightBrow] = INNER_BROWS;
  const brows = { left: x(leftBrow) - 0.1 * between, right: x(rightBrow) + 0.1 * between };
  const forehead = look(brows.left, y(NOSE.top) - 0.7 * between, brows.right, y(NOSE.top) - 0.35 * between);
  const mouth = look(x(MOUTH.left), y(MOUTH.top) - 1, x(MOUTH.right), y(MOUTH.bottom) + 1);
  const chin = look(
    x(MOUTH.left) + 0.1 * between,
    y(MOUTH.bottom) + 0.3 * toChin,
    x(MOUTH.right) - 0.1 * between,
    y(MOUTH.bottom) + 0.85 * toChin,
  );

  const lumas = (colours: readonly (Colour | null)[]) => colours.flatMap((colour) => (colour ? [colour.luma] : []));
  return {
    eyeLight: ratio(Math.max(...lumas(eyeColours)), middle(lumas([...cheeks, nose]))),
    mouthLight: ratio(Math.max(...lumas([mouth, chin])), Math.min(...lumas([forehead, nose]))),
    mouthTint: leastDistance([mouth, chin], [forehead, nose]),
  };
}

type Eye = { x: number; y: number; width: number };

/** Shares of red and green in the colour, and its luma. */
type Colour = { red: number; green: number; luma: number };

type Area = { left: number; top: number; right: number; bottom: number };

/** Of the whole pixels in an area; null when none lies inside. */
function meanColour({ planes, size }: { planes: Float32Array; size: number }, area: Area): Colour | null {
  const columns = pixelsBetween(area.left, area.right, size);
  const rows = pixelsBetween(area.top, area.bottom, size);
  const count = (columns.to - columns.from + 1) * (rows.to - rows.from + 1);
  if (columns.to < columns.from || rows.to < rows.from) return null;
  const sums = [0, 1, 2].map((plane) => {
    let sum = 0;
    for (let row = rows.from; row <= rows.to; row++)
      for (let column = columns.from; column <= columns.to; column++)
        sum += planes[(plane * size + row) * size + column] as number;
    return sum / count;
  });
  const [red, green, blue] = sums as [number, number, number];
  const total = red + green + blue;
  // Black has no colour: grey.
  const share = (value: number) => (total > 0 ? value / total : 1 / 3);
  return { red: share(red), green: share(green), luma: 0.299 * red + 0.587 * green + 0.114 * blue };
}

function pixelsBetween(from: number, to: number, size: number): { from: number; to: number } {
  return { from: Math.max(0, Math.round(from)), to: Math.min(size - 1, Math.round(to)) };
}

/** 1, which refuses nothing, where there is nothing to compare. */
function ratio(part: number, whole: number): number {
  return Number.isFinite(part) && Number.isFinite(whole) && whole > 0 ? part / whole : 1;
}

function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

function leastDistance(some: readonly (Colour | null)[], others: readonly (Colour | null)[]): number {
  const distances = some.flatMap((a) =>
    others.flatMap((b) => (a && b ? [Math.hypot(a.red - b.red, a.green - b.green, a.red + a.green - b.red - b.green)] : [])),
  );
  return distances.length > 0 ? Math.min(...distances) : 0;
}
