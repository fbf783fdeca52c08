const KEY = 'livegate-browser';

/**
 * What this browser is known by in a frame, where some keep no cookie at all (Safari before 18.4, and from 18.5 to 26.1): a
 * secret of 256 random bits, for this tab. Where nothing can be stored it lasts until the page is loaded again.
 */
export function framedBrowser(storage: () => Pick<Storage, 'getItem' | 'setItem'>): string {
  const made = base64url(crypto.getRandomValues(new Uint8Array(32)));
  try {
    const kept = storage().getItem(KEY) ?? made;
    storage().setItem(KEY, kept);
    return kept;
  } catch {
    return made;
  }
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');
}
