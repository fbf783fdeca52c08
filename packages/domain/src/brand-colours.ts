/**
 * The colours of a client's capture page, and the guard that keeps them readable: a client chooses four in each theme, the
 * others follow from them. Contrast is WCAG 2.2's (1.4.3: text 4.5:1; 1.4.11: parts of controls 3:1).
 */

export const THEMES = ['light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** What a client can choose: controls and links, the card, what is around the card, and text. */
export const BRAND_COLOURS = ['accent', 'card', 'page', 'ink'] as const;
export type BrandColour = (typeof BRAND_COLOURS)[number];

/** Six hexadecimal digits behind a `#`, in lower case. */
export type Hex = string;
export type Palette = Record<BrandColour, Hex>;
/** What differs from ours. */
export type ChosenColours = Partial<Record<Theme, Partial<Palette>>>;

/** Ours: what the page's own style sheet says. */
export const OWN_COLOURS: Record<Theme, Palette> = {
  light: { accent: '#1557c0', card: '#ffffff', page: '#f6f7f9', ink: '#18202b' },
  dark: { accent: '#85b3ff', card: '#1a2029', page: '#11151b', ink: '#f0f3f7' },
};

/** The palette of a theme: what the client chose, and ours for the rest. */
export function paletteOf(chosen: ChosenColours, theme: Theme): Palette {
  return { ...OWN_COLOURS[theme], ...chosen[theme] };
}

const TEXT = { least: 4.5, what: 'text' } as const;
const PART = { least: 3, what: 'a part of a control' } as const;

/** Which colour stands on which, and as what: THE table. */
const RULES: readonly { front: BrandColour; back: BrandColour; need: typeof TEXT | typeof PART }[] = [
  { front: 'ink', back: 'card', need: TEXT },
  { front: 'ink', back: 'page', need: TEXT },
  { front: 'accent', back: 'card', need: TEXT },
  { front: 'accent', back: 'page', need: PART },
];

/** What cannot be read in a theme: the measured contrast, what is needed, and the nearest colour that has it, if one has. */
export type ContrastFault = {
  front: BrandColour;
  back: BrandColour;
  ratio: number;
  least: number;
  what: string;
  nearest: Hex | null;
};

/** Every pair that is too faint; empty when the palette can be used. */
export function contrastFaults(palette: Palette): ContrastFault[] {
  return RULES.flatMap(({ front, back, need }) => {
    const ratio = contrastOf(palette[front], palette[back]);
    if (ratio >= need.least) return [];
    return [{ front, back, ratio, ...need, nearest: nearestReadable(front, palette) }];
  });
}

/** Every colour of the page's style sheet that follows from the palette, by its name there. */
export function pageColours({ accent, card, page, ink }: Palette): Record<string, Hex> {
  // One of the two always has 4.5:1, as their own contrast is 21.
  const onAccent = contrastOf(accent, WHITE) >= contrastOf(accent, BLACK) ? WHITE : BLACK;
  return {
    page,
    card,
    ink,
    accent,
    'accent-pressed': mix(accent, onAccent === WHITE ? BLACK : WHITE, 0.18),
    'on-accent': onAccent,
    'soft-ink': softened(ink, { on: [card, page], least: TEXT.least, most: 0.25 }),
    'control-edge': softened(ink, { on: [card], least: PART.least, most: 0.5 }),
    edge: mix(ink, card, 0.86),
  };
}

/** From 1 (the same) to 21 (black on white). */
export function contrastOf(one: Hex, other: Hex): number {
  const [light = 0, dark = 0] = [luminanceOf(one), luminanceOf(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

/** `text` as a colour, or null: `#15c` and `#1557C0` are accepted. */
export function readHex(text: string): Hex | null {
  const digits = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text)?.[1]?.toLowerCase();
  if (!digits) return null;
  return `#${digits.length === 3 ? [...digits].map((digit) => digit + digit).join('') : digits}`;
}

const WHITE = '#ffffff';
const BLACK = '#000000';
const STEPS = 100;

/** The first step from the colour towards black or white at which it can be read everywhere; null: the others are at fault. */
function nearestReadable(front: BrandColour, palette: Palette): Hex | null {
  const own = RULES.filter((rule) => rule.front === front);
  for (let step = 1; step <= STEPS; step++) {
    for (const end of [BLACK, WHITE]) {
      const candidate = mix(palette[front], end, step / STEPS);
      if (own.every(({ back, need }) => contrastOf(candidate, palette[back]) >= need.least)) return candidate;
    }
  }
  return null;
}

/** The colour moved towards the first background by as much as it stays readable on all. */
function softened(colour: Hex, { on, least, most }: { on: readonly Hex[]; least: number; most: number }): Hex {
  for (let share = most; share > 0; share -= 0.01) {
    const candidate = mix(colour, on[0] as Hex, share);
    if (on.every((back) => contrastOf(candidate, back) >= least)) return candidate;
  }
  return colour;
}

function mix(from: Hex, to: Hex, share: number): Hex {
  const ends = channelsOf(to);
  const mixed = channelsOf(from).map((value, index) => Math.round(value + ((ends[index] as number) - value) * share));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** WCAG 2.2, "relative luminance". */
function luminanceOf(colour: Hex): number {
  const [red = 0, green = 0, blue = 0] = channelsOf(colour).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function channelsOf(colour: Hex): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}
