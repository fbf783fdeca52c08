/** What a URL given by an integrator may look like, judged when it is given. The connector judges again when it dials. */
import { isIP } from 'node:net';
import { isLoopback } from './public-address.ts';

/** Development allows http and loopback besides public https; other private addresses never. */
export type EgressMode = 'development' | 'production';

export type TargetCheck = { ok: true; url: URL } | { ok: false; why: string };

type Policy = { mode: EgressMode; allowFragment?: boolean };

const MAX_LENGTH = 2_048;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const HAS_UNSAFE_CHARACTER = /[\u0000-\u0020\u007f\\]/;
// Names that cannot be a public receiver's: RFC 6761 and 6762, cloud-internal zones.
const LOCAL_NAMES = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|localdomain|home\.arpa|test|invalid)$/;

/** Says in words that fit behind a field's name why a URL is refused ("must start with https://"). */
export function checkTargetUrl(text: string, { mode, allowFragment = false }: Policy): TargetCheck {
  if (text.length > MAX_LENGTH) return refused(`must be at most ${MAX_LENGTH} characters`);
  // URL parsers disagree on these (WHATWG drops or repairs them), and the text is stored and echoed as it came.
  if (HAS_UNSAFE_CHARACTER.test(text)) return refused('must not hold spaces, control characters or backslashes');
  if (!URL.canParse(text)) return refused('must be a URL');
  const url = new URL(text);
  if (url.username || url.password) return refused('must not carry a user name or password');
  if (text.includes('#') && !allowFragment) return refused('must not carry a fragment');
  const host = bareHost(url.hostname);
  if (mode === 'development' && isLoopbackHost(host)) {
    return url.protocol === 'http:' || url.protocol === 'https:'
      ? { ok: true, url }
      : refused('must start with https:// or http://');
  }
  if (url.protocol !== 'https:') return refused('must start with https://');
  if (isIP(host)) return refused('must name a host, not an address');
  if (url.port) return refused('must use port 443');
  if (LOCAL_NAMES.test(host) || !host.includes('.')) return refused('must name a public host');
  return { ok: true, url };
}

/** A URL's host without the brackets of IPv6 and the dots of a fully qualified name. */
export function bareHost(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '').replace(/\.+$/, '');
}

/** Names and literals that development may reach. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || isLoopback(host);
}

function refused(why: string): TargetCheck {
  return { ok: false, why };
}
