import { withinLimit } from '../waiting.ts';
import { messages as english } from './en.ts';
import type { Messages } from './messages.ts';

/** THE table of languages: each with its direction and its words, loaded when they are needed. */
export const LOCALES = {
  // Always there: it is what is left when another cannot be loaded.
  en: { direction: 'ltr', load: async () => ({ messages: english }) },
  ar: { direction: 'rtl', load: () => import('./ar.ts') },
  de: { direction: 'ltr', load: () => import('./de.ts') },
  es: { direction: 'ltr', load: () => import('./es.ts') },
  fr: { direction: 'ltr', load: () => import('./fr.ts') },
  it: { direction: 'ltr', load: () => import('./it.ts') },
  nl: { direction: 'ltr', load: () => import('./nl.ts') },
  pl: { direction: 'ltr', load: () => import('./pl.ts') },
  pt: { direction: 'ltr', load: () => import('./pt.ts') },
  tr: { direction: 'ltr', load: () => import('./tr.ts') },
} as const satisfies Record<string, { direction: 'ltr' | 'rtl'; load: () => Promise<{ messages: Messages }> }>;

export type Locale = keyof typeof LOCALES;

/**
 * The language of the page: the `lang` parameter of its address, else the first of the browser's that we speak, else
 * English. Regions are passed over: `pt-BR` is served by `pt`.
 */
export function chooseLocale({ search, preferred }: { search: string; preferred: readonly string[] }): Locale {
  const wished = new URLSearchParams(search).get('lang');
  for (const tag of [wished, ...preferred]) {
    const language = tag?.toLowerCase().split(/[-_]/)[0];
    const known = (Object.keys(LOCALES) as Locale[]).find((locale) => locale === language);
    if (known) return known;
  }
  return 'en';
}

// Some kilobytes, of a server that has just sent the page.
const LIMIT_MS = 8_000;

/** The words of a locale; English when they cannot be loaded, or not in time. */
export async function loadMessages(
  locale: Locale,
  load: () => Promise<{ messages: Messages }> = LOCALES[locale].load,
): Promise<{ locale: Locale; messages: Messages }> {
  try {
    const { messages } = await withinLimit(load(), { milliseconds: LIMIT_MS, otherwise: 'unreachable' });
    return { locale, messages };
  } catch {
    return { locale: 'en', messages: english };
  }
}
