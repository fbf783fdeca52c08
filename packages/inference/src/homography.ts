/** How far two views of the same points are from views of one plane. */

/** Pairs of x and y. */
export type Points = readonly (readonly [number, number])[];

/**
 * Root mean square distance, in units of the points' own spread, that is left after the best plane-to-plane mapping
 * (homography) of `from` onto `to`. 0 for a photo seen from two sides; a head that turned leaves more, because its nose
 * stands before its cheeks. Both lists hold the same points in the same order, at least four of them.
 */
export function homographyResidual(from: Points, to: Points): number {
  const source = normalise(from);
  const target = normalise(to);
  const mapping = solve(normalEquations(source, target));
  if (!mapping) return 0;
  const [a, b, c, d, e, f, g, h] = mapping as [number, number, number, number, number, number, number, number];
  let sum = 0;
  source.forEach(([x, y], index) => {
    const [u, v] = target[index] as readonly [number, number];
    const depth = g * x + h * y + 1;
    sum += ((a * x + b * y + c) / depth - u) ** 2 + ((d * x + e * y + f) / depth - v) ** 2;
  });
  return Math.sqrt(sum / source.length);
}

/** Mean at the origin, mean distance to it the square root of two: without it the equations are badly conditioned. */
function normalise(points: Points): Points {
  const centre = [0, 1].map((axis) => points.reduce((sum, point) => sum + (point[axis] as number), 0) / points.length);
  const [x, y] = centre as [number, number];
  const spread = points.reduce((sum, point) => sum + Math.hypot(point[0] - x, point[1] - y), 0) / points.length;
  const scale = spread > 0 ? Math.SQRT2 / spread : 1;
  return points.map((point) => [(point[0] - x) * scale, (point[1] - y) * scale] as const);
}

const UNKNOWNS = 8;

/** Least squares over u = (ax + by + c) / (gx + hy + 1) and v alike, made linear: rows of the normal equations. */
function normalEquations(source: Points, target: Points): number[][] {
  const equations = Array.from({ length: UNKNOWNS }, () => new Array<number>(UNKNOWNS + 1).fill(0));
  const add = (row: readonly number[], right: number) => {
    for (let i = 0; i < UNKNOWNS; i++) {
      const equation = equations[i] as number[];
      for (let j = 0; j < UNKNOWNS; j++)
        equation[j] = (equation[j] as number) + (row[i] as number) * (row[j] as number);
      equation[UNKNOWNS] = (equation[UNKNOWNS] as number) + (row[i] as number) * right;
    }
  };
  source.forEach(([x, y], index) => {
    const [u, v] = target[index] as readonly [number, number];
    add([x, y, 1, 0, 0, 0, -u * x, -u * y], u);
    add([0, 0, 0, x, y, 1, -v * x, -v * y], v);
  });
  return equations;
}

/** Gauss-Jordan with pivoting; null when the points do not determine a mapping. */
function solve(equations: number[][]): number[] | null {
  for (let column = 0; column < UNKNOWNS; column++) {
    const candidates = equations.slice(column);
    const best = candidates.reduce((a, b) => (Math.abs(b[column] as number) > Math.abs(a[column] as number) ? b : a));
    const at = equations.indexOf(best);
    [equations[column], equations[at]] = [best, equations[column] as number[]];
    const pivot = best[column] as number;
    if (Math.abs(pivot) < 1e-12) return null;
    for (const equation of equations) {
      if (equation === best) continue;
      const factor = (equation[column] as number) / pivot;
      for (let j = column; j <= UNKNOWNS; j++) equation[j] = (equation[j] as number) - factor * (best[j] as number);
    }
  }
  return equations.map((equation, index) => (equation[UNKNOWNS] as number) / (equation[index] as number));
}
