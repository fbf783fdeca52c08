import { expect, test } from 'vitest';
import { reloadOnce } from './reload-once.ts';

function aTab({ isOnline = true, storage = new Map<string, string>() as Map<string, string> | null } = {}) {
  let reloads = 0;
  const load = () =>
    reloadOnce({
      storage: () => {
        if (!storage) throw new Error('blocked');
        return { getItem: (key) => storage.get(key) ?? null, setItem: (key, value) => void storage.set(key, value) };
      },
      reload: () => reloads++,
      isOnline: () => isOnline,
    });
  return { load, reloads: () => reloads };
}

test('a page whose parts have other names now loads itself again, once', () => {
  const tab = aTab();
  tab.load();
  tab.load();
  expect(tab.reloads()).toBe(1);
});

test('not without a connection, and not where it could go on for ever', () => {
  for (const tab of [aTab({ isOnline: false }), aTab({ storage: null })]) {
    tab.load();
    expect(tab.reloads()).toBe(0);
  }
});
