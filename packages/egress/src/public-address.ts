/** Which IP addresses are public: the only ones that production ever dials. */
import ipaddr from 'ipaddr.js';

// What ipaddr.js calls unicast and yet must not be dialled: deprecated IPv4-compatible addresses (`::127.0.0.1` passes
// every library tried) and Azure's wire server, which answers on a public address from inside.
const DENIED: [string, number][] = [
  ['::', 96],
  ['168.63.129.16', 32],
];

/**
 * Whether `address` (a literal) is global unicast and on no deny list. Anything that does not parse is not, nor is an
 * IPv4 address dressed as IPv6: no public service is reached that way only.
 */
export function isPublicAddress(address: string): boolean {
  const ip = parse(address);
  if (ip?.range() !== 'unicast') return false;
  if (ip.kind() === 'ipv6' && !isWithin(ip, ['2000::', 3])) return false;
  return !DENIED.some((network) => isWithin(ip, network));
}

/** Whether `address` is 127.0.0.0/8 or ::1, an IPv4-mapped one included. */
export function isLoopback(address: string): boolean {
  const ip = parse(address);
  const inner = ip instanceof ipaddr.IPv6 && ip.isIPv4MappedAddress() ? ip.toIPv4Address() : ip;
  return inner?.range() === 'loopback';
}

/** Only the usual dotted form counts as IPv4 here, and a zone (`fe80::1%eth0`) makes any address a local one. */
function parse(address: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) return ipaddr.IPv4.parse(address);
  if (!ipaddr.IPv6.isValid(address) || address.includes('%')) return null;
  return ipaddr.IPv6.parse(address);
}

function isWithin(ip: ipaddr.IPv4 | ipaddr.IPv6, [network, bits]: [string, number]): boolean {
  const range = ipaddr.parse(network);
  return ip.kind() === range.kind() && ip.match(range as never, bits);
}
