import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contrastFaults, contrastOf, OWN_COLOURS, pageColours, paletteOf, readHex, THEMES } from './brand-colours.ts';

const hex = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);
const palette = fc.record({ accent: hex, card: hex, page: hex, ink: hex });
const shade = (min: number, max: number) => {
  const channel = fc.integer({ min, max });
  return fc
    .tuple(channel, channel, channel)
    .map((channels) => `#${channels.map((value) => value.toString(16).padStart(2, '0')).join('')}`);
};
const themed = fc.oneof(
  fc.record({ accent: shade(0, 130), card: shade(190, 255), page: shade(190, 255), ink: shade(0, 110) }),
  fc.record({ accent: shade(120, 255), card: shade(0, 70), page: shade(0, 70), ink: shade(140, 255) }),
);

describe('contrast', () => {
  // Published pairs: black on white, and the greys that just pass and just fail on white.
  it.each([
    ['#000000', '#ffffff', 21],
    ['#767676', '#ffffff', 4.54],
    ['#777777', '#ffffff', 4.48],
    ['#0000ff', '#ffffff', 8.59],
  ])('of %s on %s is %d', (one, other, ratio) => {
    expect(contrastOf(one, other)).toBeCloseTo(ratio, 2);
    expect(contrastOf(other, one)).toBeCloseTo(ratio, 2);
  });

  it('of our own colours is enough in both themes', () => {
    for (const theme of THEMES) expect(contrastFaults(OWN_COLOURS[theme])).toEqual([]);
  });

  it('that is too faint is told with what was measured, what is needed and a colour near by that has it', () => {
    const [fault] = contrastFaults(paletteOf({ light: { accent: '#77aaff' } }, 'light'));
    expect(fault).toMatchObject({ front: 'accent', back: 'card', least: 4.5, what: 'text' });
    expect(fault?.ratio).toBeCloseTo(2.34, 1);
    expect(contrastFaults(paletteOf({ light: { accent: fault?.nearest as string } }, 'light'))).toEqual([]);
  });

  it('a colour is named only if it mends the fault', () => {
    fc.assert(
      fc.property(palette, (chosen) => {
        for (const { front, nearest } of contrastFaults(chosen)) {
          if (nearest === null) continue;
          const left = contrastFaults({ ...chosen, [front]: nearest }).filter((fault) => fault.front === front);
          expect(left).toEqual([]);
        }
      }),
    );
  });
});

describe('the colours that follow', () => {
  it('can be read whenever the chosen ones can', () => {
    fc.assert(
      fc.property(themed, (chosen) => {
        fc.pre(contrastFaults(chosen).length === 0);
        const colours = pageColours(chosen) as Record<string, string>;
        const on = (front: string, back: string) => contrastOf(colours[front] as string, colours[back] as string);
        expect(on('on-accent', 'accent')).toBeGreaterThanOrEqual(4.5);
        expect(on('on-accent', 'accent-pressed')).toBeGreaterThanOrEqual(4.5);
        expect(on('soft-ink', 'card')).toBeGreaterThanOrEqual(4.5);
        expect(on('soft-ink', 'page')).toBeGreaterThanOrEqual(4.5);
        expect(on('control-edge', 'card')).toBeGreaterThanOrEqual(3);
      }),
    );
  });

  it('are names that the page has, and ours are what it says', async () => {
    const css = await readFile(new URL('../../capture-page/src/style.css', import.meta.url), 'utf8');
    const [light = '', dark = ''] = css.split('@media (prefers-color-scheme: dark)');
    for (const [theme, text] of [
      ['light', light],
      ['dark', dark],
    ] as const) {
      for (const name of Object.keys(pageColours(OWN_COLOURS[theme]))) expect(text).toContain(`--${name}: `);
      for (const [name, value] of Object.entries(OWN_COLOURS[theme])) expect(text).toContain(`--${name}: ${value};`);
    }
  });
});

it.each([
  ['#1557C0', '#1557c0'],
  ['15c', '#1155cc'],
  ['#15c0', null],
  ['blue', null],
  ['#1557c0;}', null],
])('%s is read as %s', (text, colour) => {
  expect(readHex(text)).toBe(colour);
});
