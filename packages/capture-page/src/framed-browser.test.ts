import { expect, test } from 'vitest';
import { framedBrowser } from './framed-browser.ts';

/** What the server takes for a secret. */
const SECRET = /^[\w-]{43}$/;

test('a tab keeps its secret, another one has its own', () => {
  const kept = new Map<string, string>();
  const storage = () => ({
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  });
  const first = framedBrowser(storage);
  expect(first).toMatch(SECRET);
  expect(framedBrowser(storage)).toBe(first);
  kept.clear();
  expect(framedBrowser(storage)).not.toBe(first);
});

test('without storage there is one all the same', () => {
  const blocked = () => {
    throw new Error('blocked');
  };
  expect(framedBrowser(blocked)).toMatch(SECRET);
});
