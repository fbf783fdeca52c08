/** The one-time token of a hand-over, after the # of the address: `#handoff=…`. */
const TOKEN = /^#handoff=([A-Za-z0-9]{1,64})$/;

/** Reads the token and takes it out of the address, so that a reload, the history or a shared link do not hold it. */
export function takeToken(page: {
  location: Pick<Location, 'hash' | 'pathname' | 'search'>;
  history: Pick<History, 'replaceState'>;
}): string | null {
  const token = TOKEN.exec(page.location.hash)?.[1] ?? null;
  if (token) page.history.replaceState(null, '', page.location.pathname + page.location.search);
  return token;
}
