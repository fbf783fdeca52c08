import { readFile } from 'node:fs/promises';
import { REASONS } from '@livegate/domain/reasons';
import { expect, test, vi } from 'vitest';
import { chooseLocale, LOCALES, type Locale, loadMessages } from './locales.ts';
import { RETRY_REASONS } from './messages.ts';

const locales = Object.keys(LOCALES) as Locale[];

/** Every word of a table by its path; functions are called with marked arguments. */
function leaves(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'function') return [[path, String(value('⟦1⟧', '⟦2⟧'))]];
  if (typeof value === 'string') return [[path, value]];
  return Object.entries(value as object).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`));
}
const wordsOf = async (locale: Locale) => new Map(leaves((await loadMessages(locale)).messages));

test('there are ten languages, one of them from right to left', () => {
  expect(locales).toHaveLength(10);
  expect(locales.filter((locale) => LOCALES[locale].direction === 'rtl')).toEqual(['ar']);
});

test.each(locales)('%s says everything that English says, in words of its own', async (locale) => {
  const [english, own] = [await wordsOf('en'), await wordsOf(locale)];
  expect([...own.keys()].sort()).toEqual([...english.keys()].sort());
  for (const [path, words] of own) {
    // The only words that are empty on purpose: there is nothing to say while loading.
    if (path !== '.loading.words') expect([path, words.trim()]).not.toEqual([path, '']);
    for (const mark of ['⟦1⟧', '⟦2⟧']) {
      expect([path, words.includes(mark)]).toEqual([path, english.get(path)?.includes(mark)]);
    }
    // Names of browsers, and words that two languages share.
    if (locale !== 'en' && words.length > 12) expect([path, words]).not.toEqual([path, english.get(path)]);
  }
});

test.each(locales)('%s is written for people: short sentences, no codes, no words of ours', async (locale) => {
  for (const [path, words] of await wordsOf(locale)) {
    for (const sentence of words.split(/(?<=[.!?:…])\s/)) {
      expect([path, sentence, sentence.split(/\s+/).length <= 24]).toEqual([path, sentence, true]);
    }
    expect([path, words]).not.toEqual([path, expect.stringMatching(/_|\b(null|undefined|frame|spoof|PAD)\b/i)]);
  }
});

test('the reasons that are translated are reasons of the server, none of which tells of an attack', () => {
  for (const code of RETRY_REASONS) expect(REASONS[code].evidence).not.toBe('attack');
});

test('the loading and noscript words in the page are English, as its language says', async () => {
  const html = await readFile(new URL('../../index.html', import.meta.url), 'utf8');
  expect(html).toContain('<html lang="en">');
});

test.each([
  ['?lang=fr', ['de-DE'], 'fr'],
  ['?lang=pt-BR', ['de-DE'], 'pt'],
  ['?lang=xx', ['de-DE', 'en'], 'de'],
  ['', ['ja', 'ar-EG', 'fr'], 'ar'],
  ['', ['ja', 'ko'], 'en'],
  ['?lang=__proto__', [], 'en'],
])('an address with %s in a browser of %s shows %s', (search, preferred, locale) => {
  expect(chooseLocale({ search, preferred })).toBe(locale);
});

test('English stands in for words that do not come', async () => {
  vi.useFakeTimers();
  const hanging = loadMessages('de', () => new Promise(() => {}));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await hanging).toMatchObject({ locale: 'en' });
  vi.useRealTimers();
  const lost = loadMessages('de', () => Promise.reject(new Error('gone')));
  expect(await lost).toMatchObject({ locale: 'en' });
});
