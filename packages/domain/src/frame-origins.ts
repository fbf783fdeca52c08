/** Which sites may show the capture page in a frame: exact origins, none unless a client names them. */

/** What a header carries without harm, and a person still oversees. */
export const MAX_FRAME_ORIGINS = 20;

// No wildcard, no user, no path; letters of other scripts in their ASCII form.
const HTTPS = /^https:\/\/([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?(:\d{1,5})?$/;
// Browsers treat a page of the developer's own machine as safe, and nobody else can serve one.
const OWN_MACHINE = /^http:\/\/(localhost|127\.0\.0\.1)(:\d{1,5})?$/;

/** Null when `text` is an origin that may be named, else what is wrong with it, in a sentence. */
export function faultOfFrameOrigin(text: string): string | null {
  const url = readUrl(text);
  if (!url) return `${text} is not an origin: write it as https://shop.example`;
  if (text.includes('*')) return `${text} has a wildcard: name every origin by itself`;
  const isOwnMachine = OWN_MACHINE.test(url.origin);
  if (url.protocol !== 'https:' && !isOwnMachine) {
    return `${text} is not https: cameras work in frames of secure pages only (http is for localhost, in development)`;
  }
  if (url.origin !== text) return `${text} is not an exact origin: write it as ${url.origin}`;
  return isOwnMachine || HTTPS.test(text) ? null : `${text} is not a host name that a policy can carry`;
}

/** The origins that count: those of the own machine are for development. */
export function effectiveFrameOrigins(
  origins: readonly string[],
  mode: 'development' | 'production',
): readonly string[] {
  return mode === 'production' ? origins.filter((origin) => HTTPS.test(origin)) : origins;
}

function readUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
