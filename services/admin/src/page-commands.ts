/** How the capture page looks for a client's people: name, colours, logo; and which sites may frame it. */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { findClientPage, removeLogo, setClientPage, setLogo } from '@livegate/db/client-page';
import type { Queryable } from '@livegate/db/database';
import {
  BRAND_COLOURS,
  type BrandColour,
  type ChosenColours,
  type ContrastFault,
  contrastFaults,
  paletteOf,
  readHex,
  THEMES,
  type Theme,
} from '@livegate/domain/brand-colours';
import { CodedError } from '@livegate/domain/errors';
import { faultOfFrameOrigin, MAX_FRAME_ORIGINS } from '@livegate/domain/frame-origins';
import { encodeLogo } from '@livegate/inference/encode-logo';
import { UsageError } from './usage-error.ts';

/** Undefined: not named; "usual": back to ours. */
export type ColourWishes = Record<BrandColour, string | undefined>;
type Given = { positionals: string[]; colours: ColourWishes };

// What a person reads at a glance; the database holds the same.
const MAX_NAME_LENGTH = 60;
const MAX_LOGO_FILE_BYTES = 5_000_000;

export const PAGE_COMMANDS = {
  'client page': {
    usage: 'client page CLIENT   (what its capture page looks like)',
    takes: 1,
    run: (db: Queryable, { positionals: [clientId = ''] }: Given) => showPage(db, clientId),
  },
  'client display-name': {
    usage: 'client display-name CLIENT NAME   (or "usual": the client\'s name)',
    takes: 2,
    run: (db: Queryable, { positionals: [clientId = '', name = ''] }: Given) =>
      changePage(db, clientId, { displayName: name === 'usual' ? null : readName(name) }),
  },
  'client colours': {
    usage: `client colours CLIENT ${THEMES.join('|')} ${BRAND_COLOURS.map((name) => `[--${name} HEX]`).join(' ')}   (HEX or "usual")`,
    takes: 2,
    run: async (db: Queryable, { positionals: [clientId = '', text = ''], colours }: Given) => {
      const theme = readTheme(text);
      const page = await requirePage(db, clientId);
      const chosen = { ...page.colours, [theme]: choose(page.colours[theme] ?? {}, colours) };
      requireContrast(chosen, theme);
      return changePage(db, clientId, { colours: chosen });
    },
  },
  'client logo': {
    usage: `client logo CLIENT ${THEMES.join('|')} FILE   (PNG, JPEG or WebP; or "none"; dark without one of its own shows the light one)`,
    takes: 3,
    run: async (db: Queryable, { positionals: [clientId = '', text = '', file = ''] }: Given) => {
      const theme = readTheme(text);
      if (file === 'none') {
        if (!(await removeLogo(db, { clientId, theme })))
          throw new UsageError(`client ${clientId} has no ${theme} logo`);
        return showPage(db, clientId);
      }
      const picture = await readLogo(file);
      const digest = createHash('sha256').update(picture).digest('hex').slice(0, 32);
      if (!(await setLogo(db, { clientId, theme, digest, picture }))) throw new UsageError(`no client ${clientId}`);
      return showPage(db, clientId);
    },
  },
  'policy frames': {
    usage: 'policy frames CLIENT ORIGIN,ORIGIN...|none   (sites that may show the capture page in a frame)',
    takes: 2,
    run: (db: Queryable, { positionals: [clientId = '', text = ''] }: Given) =>
      changePage(db, clientId, { frameOrigins: text === 'none' ? [] : readOrigins(text) }),
  },
};

async function changePage(
  db: Queryable,
  clientId: string,
  change: Omit<Parameters<typeof setClientPage>[1], 'clientId'>,
) {
  if (!(await setClientPage(db, { clientId, ...change }))) throw new UsageError(`no client ${clientId}`);
  return showPage(db, clientId);
}

async function showPage(db: Queryable, clientId: string) {
  const { name, colours, logos, frameOrigins } = await requirePage(db, clientId);
  return [
    {
      client: clientId,
      name,
      light: printColours(colours.light),
      dark: printColours(colours.dark),
      logos: Object.keys(logos).sort().reverse().join(',') || 'none',
      frames: frameOrigins.join(',') || 'none',
    },
  ];
}

async function requirePage(db: Queryable, clientId: string) {
  const page = await findClientPage(db, clientId);
  if (!page) throw new UsageError(`no client ${clientId}`);
  return page;
}

function printColours(chosen: ChosenColours[Theme] = {}): string {
  const told = BRAND_COLOURS.flatMap((name) => (chosen[name] ? [`${name}:${chosen[name]}`] : []));
  return told.join(',') || 'usual';
}

function choose(before: NonNullable<ChosenColours[Theme]>, wishes: ColourWishes): NonNullable<ChosenColours[Theme]> {
  const after = { ...before };
  const named = BRAND_COLOURS.filter((name) => wishes[name] !== undefined);
  if (named.length === 0)
    throw new UsageError(`name at least one of ${BRAND_COLOURS.map((name) => `--${name}`).join(', ')}`);
  for (const name of named) {
    const text = wishes[name] as string;
    const colour = readHex(text);
    if (colour) after[name] = colour;
    else if (text === 'usual') delete after[name];
    else throw new UsageError(`--${name} must be six hexadecimal digits, as #1557c0, or usual`);
  }
  return after;
}

/** Refuses what people with weaker eyes could not read. */
function requireContrast(chosen: ChosenColours, theme: Theme): void {
  const palette = paletteOf(chosen, theme);
  const told = contrastFaults(palette).map(({ front, back, ...fault }: ContrastFault) => {
    const measured = `${theme} ${front} ${palette[front]} on ${back} ${palette[back]} has a contrast of ${printRatio(fault.ratio)}; ${fault.what} needs ${fault.least}:1.`;
    return fault.nearest
      ? `${measured} The nearest that has it is --${front} '${fault.nearest}'.`
      : `${measured} No ${front} has it on these colours.`;
  });
  if (told.length > 0) throw new UsageError(told.join('\n'));
}

/** Rounded down: 4.499 must not read as enough. */
function printRatio(ratio: number): string {
  return `${(Math.floor(ratio * 100) / 100).toFixed(2)}:1`;
}

async function readLogo(file: string): Promise<Buffer> {
  const size = await stat(file).then(
    (found) => found.size,
    () => null,
  );
  if (size === null) throw new UsageError(`no file ${file}`);
  if (size > MAX_LOGO_FILE_BYTES) throw new UsageError(`${file} is larger than ${MAX_LOGO_FILE_BYTES} bytes`);
  return encodeLogo(await readFile(file)).catch((error) => {
    throw error instanceof CodedError ? new UsageError(error.message) : error;
  });
}

function readOrigins(text: string): string[] {
  const origins = [...new Set(text.split(','))];
  if (origins.length > MAX_FRAME_ORIGINS) throw new UsageError(`at most ${MAX_FRAME_ORIGINS} origins`);
  for (const origin of origins) {
    const fault = faultOfFrameOrigin(origin);
    if (fault) throw new UsageError(fault);
  }
  return origins;
}

function readName(text: string): string {
  const name = text.trim();
  if (name.length > MAX_NAME_LENGTH) throw new UsageError(`a name has at most ${MAX_NAME_LENGTH} characters`);
  // Marks that turn the direction of what follows could make the consent say something else.
  if (name.length === 0 || /[\p{Cc}\p{Cf}]/u.test(name)) throw new UsageError('a name is printable characters');
  return name;
}

function readTheme(text: string): Theme {
  const theme = THEMES.find((known) => known === text);
  if (!theme) throw new UsageError(`${text} is not one of ${THEMES.join(', ')}`);
  return theme;
}
