/**
 * A client's colours as a style sheet of their own behind the page's. Its address is its content: the palettes stand in the
 * name, so that nothing has to be looked up, it can be kept for ever, and it says nothing of whose colours they are.
 */
import {
  BRAND_COLOURS,
  type ChosenColours,
  type Palette,
  pageColours,
  paletteOf,
  THEMES,
  type Theme,
} from '@livegate/domain/brand-colours';

type Palettes = Record<Theme, Palette>;

/** Raised whenever another sheet follows from the same palettes: browsers keep the one they have. */
const VERSION = 'theme1';
const FILE = new RegExp(`^${VERSION}((?:-[0-9a-f]{6}){${THEMES.length * BRAND_COLOURS.length}})\\.css$`);

/** The page in a client's colours; unchanged where it has chosen none. */
export function inColours(html: string, chosen: ChosenColours): string {
  if (THEMES.every((theme) => Object.keys(chosen[theme] ?? {}).length === 0)) return html;
  const palettes = { light: paletteOf(chosen, 'light'), dark: paletteOf(chosen, 'dark') };
  const file = themeFile(palettes);
  // What stands in the database is held to the same form as what comes by an address.
  if (!readThemeFile(file)) return html;
  return html
    .replace('</head>', `<link rel="stylesheet" href="/brand/${file}"></head>`)
    .replace(/(<meta name="theme-color" content=")[^"]*(" media="\(prefers-color-scheme: (light|dark)\)")/g, paint);

  function paint(...[, before, after, theme]: string[]): string {
    return `${before}${palettes[theme as Theme].page}${after}`;
  }
}

/** The name of the style sheet for these palettes. */
export function themeFile(palettes: Palettes): string {
  const digits = THEMES.flatMap((theme) => BRAND_COLOURS.map((name) => palettes[theme][name].slice(1)));
  return `${[VERSION, ...digits].join('-')}.css`;
}

/** The palettes in a file's name, or null when it is no theme's. */
export function readThemeFile(file: string): Palettes | null {
  const digits = FILE.exec(file)?.[1]?.slice(1).split('-');
  if (!digits) return null;
  const read = (at: number) =>
    Object.fromEntries(BRAND_COLOURS.map((name, index) => [name, `#${digits[at + index]}`])) as Palette;
  return { light: read(0), dark: read(BRAND_COLOURS.length) };
}

/** Six-digit colours by names of ours, and nothing else. */
export function themeSheet({ light, dark }: Palettes): string {
  return `:root{${properties(light)}}@media (prefers-color-scheme:dark){:root{${properties(dark)}}}\n`;
}

function properties(palette: Palette): string {
  return Object.entries(pageColours(palette))
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(';');
}
