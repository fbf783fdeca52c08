/** The detection error trade-off as an SVG: every threshold at once, on normal-deviate axes. */
import { OPERATING_POINT, STRICT_POINT } from './evaluation.ts';
import { type OperatingPoint, operatingPoints } from './research-habits.ts';
import type { ScoredPresentation } from './score-tree.ts';

const SIDE = 440;
const MARGIN = 64;

/** Rates beyond both ends are drawn at the end: with a few hundred presentations they say nothing. */
const LOWEST = 0.002;
const HIGHEST = 0.95;
const TICKS = [0.002, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.95];

/** Told apart without red and green (Okabe and Ito). */
const COLOURS = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#000000'];

/** One curve per species against all bona fide, over scored presentations; dots at 0.60 and 0.70. */
export function drawDetCurve(presentations: readonly ScoredPresentation[]): string {
  const names = [...new Set(presentations.flatMap(({ species }) => (species === null ? [] : [species])))].sort();
  const curves = names.map((name, index) => {
    const members = presentations.filter(({ species }) => species === null || species === name);
    return drawCurve({ name, index, members });
  });
  const size = SIDE + 2 * MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" font-family="sans-serif" font-size="12">`,
    `<rect width="${size}" height="${size}" fill="#fff"/>`,
    ...TICKS.flatMap(drawTick),
    ...curves,
    `<text x="${size / 2}" y="${size - 14}" text-anchor="middle">APCER</text>`,
    `<text x="16" y="${size / 2}" text-anchor="middle" transform="rotate(-90 16 ${size / 2})">BPCER</text>`,
    '</svg>',
  ].join('\n');
}

function drawTick(rate: number): string[] {
  const [x, y] = [xOf(rate), yOf(rate)];
  const label = `${Number((rate * 100).toFixed(1))} %`;
  return [
    `<path d="M${x} ${MARGIN}V${MARGIN + SIDE}M${MARGIN} ${y}H${MARGIN + SIDE}" stroke="#ddd"/>`,
    `<text x="${x}" y="${MARGIN + SIDE + 18}" text-anchor="middle">${label}</text>`,
    `<text x="${MARGIN - 6}" y="${y}" dy="4" text-anchor="end">${label}</text>`,
  ];
}

function drawCurve(curve: { name: string; index: number; members: readonly ScoredPresentation[] }): string {
  const colour = COLOURS[curve.index % COLOURS.length] as string;
  const points = operatingPoints(curve.members).filter(({ apcer, bpcer }) => !Number.isNaN(apcer + bpcer));
  const path = points.map(({ apcer, bpcer }) => `${xOf(apcer)} ${yOf(bpcer)}`).join('L');
  const labelY = MARGIN + 18 * (curve.index + 1);
  const label = `<text x="${MARGIN + SIDE - 8}" y="${labelY}" text-anchor="end" fill="${colour}">${escapeText(curve.name)}</text>`;
  if (points.length < 2) return label;
  const dots = [OPERATING_POINT, STRICT_POINT].map((threshold) => drawDot(points, threshold, colour));
  return [label, `<path d="M${path}" fill="none" stroke="${colour}" stroke-width="1.5"/>`, ...dots].join('\n');
}

function drawDot(points: readonly OperatingPoint[], threshold: number, colour: string): string {
  const point = points.find((candidate) => candidate.threshold >= threshold) as OperatingPoint;
  const title = `<title>${threshold.toFixed(2)}</title>`;
  return `<circle cx="${xOf(point.apcer)}" cy="${yOf(point.bpcer)}" r="4" fill="${colour}">${title}</circle>`;
}

function xOf(rate: number): number {
  return round(MARGIN + SIDE * positionOf(rate));
}

function yOf(rate: number): number {
  return round(MARGIN + SIDE * (1 - positionOf(rate)));
}

function positionOf(rate: number): number {
  const [low, high] = [probit(LOWEST), probit(HIGHEST)];
  return (probit(Math.min(HIGHEST, Math.max(LOWEST, rate))) - low) / (high - low);
}

/** Quantile of the normal distribution: Hastings' approximation (Abramowitz and Stegun 26.2.23), error below 4.5e-4. */
function probit(share: number): number {
  if (share > 0.5) return -probit(1 - share);
  const t = Math.sqrt(-2 * Math.log(share));
  return -(
    t -
    (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t ** 3)
  );
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
