/** What a URL given by an integrator may look like, judged when it is given. The connector judges again when it dials. */
import { isIP } from 'node:net';
import { isLoopback } from './public-address.ts';

/** Development allows http and loopback besides public https; other private addresses never. */
export type EgressMode = 'development' | 'production';

export type TargetCheck = { ok: true; url: URL } | { ok: false; why: string };

type Policy = { mode: EgressMode; allowFragment?: boolean };

const MAX_LENGTH = 2_048;
// Names that cannot be a public receiver's: RFC 6761 and 6762, cloud-internal zones.
const LOCAL_NAMES =
  /(^|\.)(localhost|local|internal|intranet|lan|home|corp|localdomain|home\.arpa|test|invalid|example\.local)$/;

/** Says in words that fit behind a field's name why a URL is refused ("must start with https://"). */
export function checkTargetUrl(text: string, { mode, allowFragment = false }: Policy): TargetCheck {
  if (text.length > MAX_LENGTH) return refused(`must be at most ${MAX_LENGTH} characters`);
  if (!URL.canParse(text)) return refused('must be a URL');
  const url = new URL(text);
  if (url.username || url.password) return refused('must not carry a user name or password');
  if (url.hash && !allowFragment) return refused('must not carry a fragment');
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
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

/** Names and literals that development may reach. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || isLoopback(host);
}

function refused(why: string): TargetCheck {
  return { ok: false, why };
}
