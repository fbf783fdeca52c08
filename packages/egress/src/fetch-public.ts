/**
 * The one way out: a request with a total deadline (a body that drips does not outlive it), a cap on what is read, no
 * redirects, no proxies, no cookies, no decompression.
 */
import { type buildConnector, Client } from 'undici';
import { EgressError } from './egress-error.ts';
import { guardedConnector, type Resolver, systemResolver } from './guarded-connector.ts';
import { type Connection, keepConnections } from './kept-connections.ts';
import { checkTargetUrl, type EgressMode } from './target-policy.ts';

export type EgressRequest = {
  url: string;
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: Buffer;
  /** Milliseconds for everything: resolving, connecting, sending, and the whole answer. */
  deadlineMs: number;
  maxResponseBytes: number;
  /** Whether a longer answer is cut (true) or refused with `too_large`. */
  truncate?: boolean;
};

export type EgressResponse = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
  truncated: boolean;
  dialledAddress: string | null;
  elapsedMs: number;
};

export type Egress = {
  /** Answers with any status, 3xx included. Throws EgressError. */
  request(request: EgressRequest): Promise<EgressResponse>;
  /** Closes the connections that were kept. */
  close(): Promise<void>;
};

const CONNECT_TIMEOUT_MS = 5_000;
const MAX_HEADER_BYTES = 16 * 1024;

type Options = {
  mode: EgressMode;
  /** Whether connections wait a moment for the next request to their origin; default: each serves one request. */
  keepAlive?: boolean;
  resolver?: Resolver;
  dial?: buildConnector.connector;
};

/** Opens the way out. `resolver` and `dial` are replaced in tests only. */
export function createEgress({ mode, keepAlive = false, resolver = systemResolver, dial }: Options): Egress {
  const kept = keepConnections();
  const connectTo = (origin: string, deadline: AbortSignal): Connection => {
    const connect = guardedConnector({
      mode,
      resolver,
      isOver: () => connection.deadline.aborted,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      onDial: (address) => {
        connection.dialled = address;
      },
      ...(dial ? { dial } : {}),
    });
    const client = new Client(origin, {
      connect,
      maxHeaderSize: MAX_HEADER_BYTES,
      pipelining: keepAlive ? 1 : 0,
      allowH2: false,
      // The deadline is the one limit: undici's own start anew with each byte.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    const connection: Connection = { client, reused: false, dialled: null, deadline };
    return connection;
  };
  const attempt = async (wish: EgressRequest, target: URL, connection: Connection): Promise<EgressResponse> => {
    const { deadline } = connection;
    let keepable = false;
    try {
      const answer = await Promise.race([send(wish, target, connection.client), passed(deadline)]);
      keepable = keepAlive && !answer.truncated;
      return { ...answer, dialledAddress: connection.dialled };
    } catch (error) {
      if (error instanceof HungUp && connection.reused && !deadline.aborted) throw error;
      throw classify(error instanceof HungUp ? error.cause : error, { deadline, dialled: connection.dialled });
    } finally {
      if (keepable) kept.keep(target.origin, connection);
      else await connection.client.destroy();
    }
  };
  return {
    request: async (wish) => {
      // Again, although it was judged when it was given: a database made in development may be moved to production.
      const target = checkTargetUrl(wish.url, { mode });
      if (!target.ok) throw new EgressError('blocked', `the URL ${target.why}`);
      const { url } = target;
      const deadline = AbortSignal.timeout(wish.deadlineMs);
      const waiting = kept.take(url.origin);
      if (waiting) {
        waiting.deadline = deadline;
        try {
          return await attempt(wish, url, waiting);
        } catch (error) {
          // The peer had hung up on the kept connection: that says nothing about the receiver. Once more, on a new one.
          if (!(error instanceof HungUp)) throw error;
        }
      }
      return attempt(wish, url, connectTo(url.origin, deadline));
    },
    close: kept.close,
  };
}

/** The connection broke before any answer came. */
class HungUp extends Error {}

async function send(wish: EgressRequest, target: URL, client: Client): Promise<Omit<EgressResponse, 'dialledAddress'>> {
  const startedAt = performance.now();
  const answer = await client
    .request({
      path: target.pathname + target.search,
      method: wish.method,
      headers: wish.headers,
      body: wish.body ?? null,
    })
    .catch((cause) => {
      throw new HungUp('the connection broke', { cause });
    });
  const { body, truncated } = await readUpTo(answer.body, wish);
  const elapsedMs = performance.now() - startedAt;
  return { status: answer.statusCode, headers: answer.headers, body, truncated, elapsedMs };
}

/** Rejects at the deadline. Not left to undici, which heeds a signal only once there is a connection. */
function passed(deadline: AbortSignal): Promise<never> {
  return new Promise((_, reject) => deadline.addEventListener('abort', () => reject(deadline.reason), { once: true }));
}

type Cap = Pick<EgressRequest, 'maxResponseBytes' | 'truncate'>;

async function readUpTo(stream: AsyncIterable<Buffer>, { maxResponseBytes, truncate = false }: Cap) {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    length += chunk.length;
    if (length <= maxResponseBytes) continue;
    if (!truncate) throw new EgressError('too_large', `the answer is longer than ${maxResponseBytes} bytes`);
    return { body: Buffer.concat(chunks).subarray(0, maxResponseBytes), truncated: true };
  }
  return { body: Buffer.concat(chunks), truncated: false };
}

function classify(
  error: unknown,
  { deadline, dialled }: { deadline: AbortSignal; dialled: string | null },
): EgressError {
  if (error instanceof EgressError)
    return error.dialled || !dialled ? error : new EgressError(error.code, error.message, { dialled, cause: error });
  if (deadline.aborted) return new EgressError('timeout', 'the deadline passed', { dialled, cause: error });
  // What is left came after the connection stood: a reset, an answer that is no HTTP, headers beyond the cap.
  return new EgressError('protocol', 'the exchange failed', { dialled, cause: error });
}
