/** Which IP addresses are public: the only ones that production ever dials. */
import ipaddr from 'ipaddr.js';

// What ipaddr.js calls unicast and yet must not be dialled: deprecated IPv4-compatible addresses (`::127.0.0.1` passes
// every library tried) and Azure's wire server, which answers on a public address from inside.
const DENIED: [string, number][] = [
  ['::', 96],
  ['168.63.129.16', 32],
];

/** Whether `address` (a literal) is global unicast and on no deny list. Anything that does not parse is not. */
export function isPublicAddress(address: string): boolean {
  const ip = parse(address);
  if (ip?.range() !== 'unicast') return false;
  if (ip.kind() === 'ipv6' && !isWithin(ip, ['2000::', 3])) return false;
  return !DENIED.some((network) => isWithin(ip, network));
}

/** Whether `address` is 127.0.0.0/8 or ::1, an IPv4-mapped one included. */
export function isLoopback(address: string): boolean {
  return parse(address)?.range() === 'loopback';
}

/** The address with an IPv4-mapped one unwrapped, or null. Only the usual dotted form counts as IPv4 here. */
function parse(address: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) return ipaddr.IPv4.parse(address);
  if (!ipaddr.IPv6.isValid(address) || address.includes('%')) return null;
  const ip = ipaddr.IPv6.parse(address);
  return ip.isIPv4MappedAddress() ? ip.toIPv4Address() : ip;
}

function isWithin(ip: ipaddr.IPv4 | ipaddr.IPv6, [network, bits]: [string, number]): boolean {
  const range = ipaddr.parse(network);
  return ip.kind() === range.kind() && ip.match(range as never, bits);
}
