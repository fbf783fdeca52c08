/** How many frames the server wants, how far apart, and how large at least. */
export type FramePlan = { count: number; intervalMs: number; minWidth: number; minHeight: number };

// Bounds and defaults of the protocol: a broken answer must not make the page capture for ever.
const DEFAULT = { count: 8, interval_ms: 250, min_width: 640, min_height: 480 };
const BOUNDS = {
  count: [1, 40],
  interval_ms: [50, 2_000],
  min_width: [160, 1_920],
  min_height: [120, 1_920],
} as const;

/** Reads the server's `frames` object; what is missing or absurd becomes the default or the nearest bound. */
export function readFramePlan(value: unknown): FramePlan {
  const given = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const read = (key: keyof typeof DEFAULT): number => {
    const number = given[key];
    const [least, most] = BOUNDS[key];
    if (typeof number !== 'number' || !Number.isFinite(number)) return DEFAULT[key];
    return Math.min(most, Math.max(least, Math.round(number)));
  };
  return {
    count: read('count'),
    intervalMs: read('interval_ms'),
    minWidth: read('min_width'),
    minHeight: read('min_height'),
  };
}
