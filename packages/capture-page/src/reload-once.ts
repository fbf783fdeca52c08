const KEY = 'livegate-reloaded';

type Page = { storage: () => Pick<Storage, 'getItem' | 'setItem'>; reload: () => void; isOnline: () => boolean };

/**
 * A part of the page could not be loaded: after an upgrade of the server its name is another one, which the page learns by
 * loading itself again. Once per tab, and not while that would end in the browser's own page for being offline.
 */
export function reloadOnce({ storage, reload, isOnline }: Page): void {
  if (!isOnline()) return;
  try {
    if (storage().getItem(KEY) !== null) return;
    storage().setItem(KEY, 'yes');
  } catch {
    // What cannot be remembered could go on for ever.
    return;
  }
  reload();
}
