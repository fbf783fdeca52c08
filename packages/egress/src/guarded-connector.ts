/**
 * The guard, in the connector: everything that is dialled passes here, literal addresses included (a guard in `lookup` is
 * bypassed by them). A name is resolved once; if any of its addresses is not allowed nothing is dialled; else they
 * are dialled in turn as pinned addresses, and the socket's peer is checked again.
 */
import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import { isIP } from 'node:net';
import { promisify } from 'node:util';
import { buildConnector } from 'undici';
import { EgressError } from './egress-error.ts';
import { isLoopback, isPublicAddress } from './public-address.ts';
import { bareHost, type EgressMode, isLoopbackHost } from './target-policy.ts';

/** All addresses of a name, or a rejection. */
export type Resolver = (host: string) => Promise<string[]>;

const lookup = promisify(systemLookup);

/** The operating system's resolver. */
export const systemResolver: Resolver = async (host) => {
  const addresses = (await lookup(host, { all: true })) as LookupAddress[];
  return addresses.map(({ address }) => address);
};

type Options = {
  mode: EgressMode;
  resolver: Resolver;
  connectTimeoutMs: number;
  /** Hears of each address that is about to be dialled. */
  onDial?: (address: string) => void;
  /** Whether the request's deadline has passed: then nothing is dialled any more. */
  isOver?: () => boolean;
  /** What dials; replaced in tests by one that counts. */
  dial?: buildConnector.connector;
};

export function guardedConnector({
  mode,
  resolver,
  connectTimeoutMs,
  onDial,
  isOver = () => false,
  dial,
}: Options): buildConnector.connector {
  const connect = dial ?? buildConnector({ timeout: connectTimeoutMs, allowH2: false });
  return (options, callback) => {
    const host = bareHost(options.hostname);
    const dialPinned = ([address = '', ...others]: string[]) => {
      if (isOver()) throw new EgressError('timeout', 'the deadline passed while the name was resolved');
      onDial?.(address);
      // `host` stays in the options: TLS takes the name to ask for and to check from it, not from the pinned address.
      connect({ ...options, hostname: address }, (error, socket) => {
        // Every address was checked: the next one may answer where this one does not.
        if ((error || !socket) && others.length > 0) return tryNext(others);
        if (error || !socket) return callback(asEgressError(error, address), null);
        // A peer that hung up already has no address any more: that says nothing of where it was.
        if (socket.remoteAddress === undefined) {
          socket.destroy();
          return callback(new EgressError('connect', 'the peer hung up at once', { dialled: address }), null);
        }
        if (isAllowed(socket.remoteAddress, { host, mode })) return callback(null, socket);
        socket.destroy();
        callback(new EgressError('blocked', 'the peer is not a public address', { dialled: address }), null);
      });
    };
    const tryNext = (others: string[]) => {
      try {
        dialPinned(others);
      } catch (error) {
        callback(asEgressError(error as Error, null), null);
      }
    };
    allowedAddresses({ host, mode, resolver })
      .then(dialPinned)
      .catch((error) => callback(asEgressError(error, null), null));
  };
}

type Target = { host: string; mode: EgressMode; resolver: Resolver };

async function allowedAddresses({ host, mode, resolver }: Target): Promise<string[]> {
  const addresses = isIP(host) ? [host] : await resolve(host, resolver);
  if (addresses.length === 0) throw new EgressError('dns', 'the name has no address');
  if (!addresses.every((address) => isAllowed(address, { host, mode }))) {
    throw new EgressError('blocked', 'the target is not a public address');
  }
  return addresses;
}

async function resolve(host: string, resolver: Resolver): Promise<string[]> {
  try {
    return await resolver(host);
  } catch (cause) {
    throw new EgressError('dns', 'the name could not be resolved', { cause });
  }
}

// Loopback is for names and literals that say loopback: a public name that resolves to it is a rebinding attack.
function isAllowed(address: string, { host, mode }: { host: string; mode: EgressMode }): boolean {
  return isPublicAddress(address) || (mode === 'development' && isLoopbackHost(host) && isLoopback(address));
}

function asEgressError(error: Error | null, dialled: string | null): EgressError {
  if (error instanceof EgressError) return error;
  const code = error && 'code' in error ? String(error.code) : '';
  if (code === 'UND_ERR_CONNECT_TIMEOUT')
    return new EgressError('timeout', 'connecting took too long', { dialled, cause: error });
  const isTls = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO)/.test(code);
  return new EgressError(isTls ? 'tls' : 'connect', 'the connection failed', { dialled, cause: error });
}
