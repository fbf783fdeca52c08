import { expect, test } from 'vitest';
import { createHintFilter, type Hint, hintFor, type Sight } from './guidance.ts';
import { toStage } from './guide/see-stage.ts';

const good = { x: 0.5, y: 0.5, width: 0.5, height: 0.55 };
const sight = (overrides: Partial<Sight> = {}): Sight => ({
  faces: [good],
  faceLuma: 120,
  aroundLuma: 110,
  shift: 0.01,
  ...overrides,
});

test.each<[Hint, Partial<Sight>]>([
  ['good', {}],
  ['find', { faces: [] }],
  ['alone', { faces: [good, { ...good, x: 0.1, width: 0.4 }] }],
  // Somebody far behind is nobody's business.
  ['good', { faces: [good, { ...good, x: 0.1, width: 0.1, height: 0.12 }] }],
  ['closer', { faces: [{ ...good, width: 0.2, height: 0.22 }] }],
  ['further', { faces: [{ ...good, width: 0.8, height: 0.9 }] }],
  ['center', { faces: [{ ...good, x: 0.75 }] }],
  ['center', { faces: [{ ...good, y: 0.25 }] }],
  ['light', { faceLuma: 30, aroundLuma: 25 }],
  ['backlight', { faceLuma: 60, aroundLuma: 180 }],
  ['still', { shift: 0.3 }],
])('says "%s" for what it is about', (hint, overrides) => {
  expect(hintFor(sight(overrides))).toBe(hint);
});

test('a hint is said when it has held, and does not flicker', () => {
  let time = 0;
  const filter = createHintFilter(() => time);
  const at = (ms: number, seen: Hint) => {
    time = ms;
    return filter.next(seen);
  };
  expect(at(0, 'find')).toBeNull();
  expect(at(600, 'find')).toBe('find');
  expect(at(800, 'closer')).toBe('find');
  expect(at(900, 'find')).toBe('find');
  expect(at(1_000, 'closer')).toBe('find');
  expect(at(1_600, 'closer')).toBe('closer');
  expect(at(1_700, 'good')).toBe('closer');
  expect(at(2_300, 'good')).toBe('closer');
  expect(at(2_700, 'good')).toBe('good');
});

test('the stage is the mirrored middle of the picture, wide or upright', () => {
  const left = { left: 0.3, top: 0.4, width: 0.1, height: 0.2 };
  const [wide] = toStage([left], { width: 1280, height: 720 });
  // 3:4 of a height of 720 is 540 of 1280 pixels: what is 0.15 left of the middle is 0.356 right of it in the mirror.
  expect(wide?.x).toBeCloseTo(0.5 + 0.15 / (540 / 1280));
  expect(wide?.y).toBeCloseTo(0.5);
  const [upright] = toStage([left], { width: 720, height: 1280 });
  expect(upright?.x).toBeCloseTo(0.65);
  expect(upright?.height).toBeCloseTo(0.2 / (960 / 1280));
});
