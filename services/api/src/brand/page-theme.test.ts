import { OWN_COLOURS, paletteOf } from '@livegate/domain/brand-colours';
import { expect, it } from 'vitest';
import { inColours, readThemeFile, themeFile, themeSheet } from './page-theme.ts';

const html =
  '<head><meta name="theme-color" content="#f6f7f9" media="(prefers-color-scheme: light)" /><meta name="theme-color" content="#11151b" media="(prefers-color-scheme: dark)" /></head><body>';
const chosen = { light: { accent: '#0a7a5a', page: '#eef4f2' } };
const palettes = { light: paletteOf(chosen, 'light'), dark: OWN_COLOURS.dark };

it('is a style sheet under a name that says what is in it', () => {
  const file = themeFile(palettes);
  expect(file).toBe('theme1-0a7a5a-ffffff-eef4f2-18202b-85b3ff-1a2029-11151b-f0f3f7.css');
  expect(readThemeFile(file)).toEqual(palettes);
});

it.each([
  'theme1-0a7a5a.css',
  'theme2-0a7a5a-ffffff-eef4f2-18202b-85b3ff-1a2029-11151b-f0f3f7.css',
  'theme1-0a7a5a-ffffff-eef4f2-18202b-85b3ff-1a2029-11151b-url(x).css',
  'theme1-0a7a5a-ffffff-eef4f2-18202b-85b3ff-1a2029-11151b-f0f3f7.css/..',
])('%s is no such name', (file) => {
  expect(readThemeFile(file)).toBeNull();
});

// Browsers keep a sheet for ever: when this changes, so must the version in its name.
it('says the same for ever', () => {
  expect(themeSheet(palettes)).toMatchInlineSnapshot(`
    ":root{--page:#eef4f2;--card:#ffffff;--ink:#18202b;--accent:#0a7a5a;--accent-pressed:#08644a;--on-accent:#ffffff;--soft-ink:#525860;--control-edge:#8c9095;--edge:#dfe0e1}@media (prefers-color-scheme:dark){:root{--page:#11151b;--card:#1a2029;--ink:#f0f3f7;--accent:#85b3ff;--accent-pressed:#9bc1ff;--on-accent:#000000;--soft-ink:#bbbec4;--control-edge:#858a90;--edge:#383e46}}
    "
  `);
});

it('is linked from the page, which takes the colour around it, too', () => {
  const page = inColours(html, chosen);
  expect(page).toContain(`<link rel="stylesheet" href="/brand/${themeFile(palettes)}"></head>`);
  expect(page).toContain('content="#eef4f2" media="(prefers-color-scheme: light)"');
  expect(page).toContain('content="#11151b" media="(prefers-color-scheme: dark)"');
});

it('leaves the page as it is without colours, and with what are none', () => {
  expect(inColours(html, {})).toBe(html);
  expect(inColours(html, { light: {}, dark: {} })).toBe(html);
  expect(inColours(html, { light: { accent: '"><script>' } })).toBe(html);
});
