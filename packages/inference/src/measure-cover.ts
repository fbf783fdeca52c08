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
export function measureCover(landmarks: Landmarks): FaceCover {
  const { eyes, cheeks, nose, forehead, mouth, chin } = areasOf(landmarks);
  const look = (areas: readonly Area[]) =>
    areas.map((area) => meanColour(landmarks, area)).filter((colour) => colour !== null);
  const lumasOf = (areas: readonly Area[]) => look(areas).map(({ luma }) => luma);
  return {
    eyeLight: ratio(Math.max(...lumasOf(eyes)), middle(lumasOf([...cheeks, nose]))),
    mouthLight: ratio(Math.max(...lumasOf([mouth, chin])), Math.min(...lumasOf([forehead, nose]))),
    mouthTint: leastDistance(look([mouth, chin]), look([forehead, nose])),
  };
}

/** From and to along each axis, in pixels. */
type Area = { x: readonly [number, number]; y: readonly [number, number] };

/** Where to look, scaled by the distances between the features. */
function areasOf({ points, size }: Landmarks) {
  const x = (point: number) => (points[2 * point] as number) * size;
  const y = (point: number) => (points[2 * point + 1] as number) * size;
  const mean = (group: readonly number[], along: (point: number) => number) =>
    group.reduce((sum, point) => sum + along(point), 0) / group.length;
  const eyes = [LEFT_EYE, RIGHT_EYE].map((eye) => ({
    x: mean(eye, x),
    y: mean(eye, y),
    width: Math.abs(x(eye[3] as number) - x(eye[0] as number)),
  })) as [Eye, Eye];
  const apart = Math.abs(eyes[1].x - eyes[0].x);
  const eyeLine = (eyes[0].y + eyes[1].y) / 2;
  const toMouth = (y(MOUTH.left) + y(MOUTH.right)) / 2 - eyeLine;
  const toChin = y(CHIN) - y(MOUTH.bottom);
  const around = (centre: number, half: number): [number, number] => [centre - half, centre + half];
  const [leftBrow, rightBrow] = INNER_BROWS;
  return {
    eyes: eyes.map(
      (eye): Area => ({
        x: around(eye.x, 0.6 * eye.width),
        y: [eye.y - 0.35 * eye.width, eye.y + 0.45 * eye.width],
      }),
    ),
    cheeks: eyes.map(
      (eye): Area => ({
        x: around(eye.x, 0.16 * apart),
        y: [eyeLine + 0.45 * toMouth, eyeLine + 0.72 * toMouth],
      }),
    ),
    nose: { x: around(x(NOSE.top), 0.1 * apart), y: [y(NOSE.top), y(NOSE.middle)] } satisfies Area,
    forehead: {
      x: [x(leftBrow) - 0.1 * apart, x(rightBrow) + 0.1 * apart],
      y: [y(NOSE.top) - 0.7 * apart, y(NOSE.top) - 0.35 * apart],
    } satisfies Area,
    mouth: { x: [x(MOUTH.left), x(MOUTH.right)], y: [y(MOUTH.top) - 1, y(MOUTH.bottom) + 1] } satisfies Area,
    chin: {
      x: [x(MOUTH.left) + 0.1 * apart, x(MOUTH.right) - 0.1 * apart],
      y: [y(MOUTH.bottom) + 0.3 * toChin, y(MOUTH.bottom) + 0.85 * toChin],
    } satisfies Area,
  };
}

type Eye = { x: number; y: number; width: number };

/** Shares of red and green in the colour, and its luma. */
type Colour = { red: number; green: number; luma: number };

/** Of the whole pixels in an area; null when none lies inside. */
function meanColour({ planes, size }: Landmarks, area: Area): Colour | null {
  const columns = pixelsBetween(area.x, size);
  const rows = pixelsBetween(area.y, size);
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

function pixelsBetween([from, to]: readonly [number, number], size: number): { from: number; to: number } {
  return { from: Math.max(0, Math.round(from)), to: Math.min(size - 1, Math.round(to)) };
}

/** 1, which refuses nothing, where there is nothing to compare. */
function ratio(part: number, whole: number): number {
  return Number.isFinite(part) && Number.isFinite(whole) && whole > 0 ? part / whole : 1;
}

function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

function leastDistance(some: readonly Colour[], others: readonly Colour[]): number {
  const distances = some.flatMap((a) =>
    others.map((b) => Math.hypot(a.red - b.red, a.green - b.green, a.red + a.green - b.red - b.green)),
  );
  return distances.length > 0 ? Math.min(...distances) : 0;
}
