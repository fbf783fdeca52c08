/**
 * The one way out: a request with a total deadline (a body that drips does not outlive it), a cap on what is read, no
 * redirects, no proxies, no cookies, no decompression.
 */
import { Agent, type buildConnector, request as undiciRequest } from 'undici';
import { EgressError } from './egress-error.ts';
import { guardedConnector, type Resolver, systemResolver } from './guarded-connector.ts';
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
};

const CONNECT_TIMEOUT_MS = 5_000;
const MAX_HEADER_BYTES = 16 * 1024;

type Options = { mode: EgressMode; resolver?: Resolver; dial?: buildConnector.connector };

/** Opens the way out. `resolver` and `dial` are replaced in tests only. */
export function createEgress({ mode, resolver = systemResolver, dial }: Options): Egress {
  return {
    // An agent per request: a connection that was checked and pinned serves the request it was checked for, no other.
    request: async (wish) => {
      // Again, although it was judged when it was given: a database made in development may be moved to production.
      const target = checkTargetUrl(wish.url, { mode });
      if (!target.ok) throw new EgressError('blocked', `the URL ${target.why}`);
      let dialled: string | null = null;
      const deadline = AbortSignal.timeout(wish.deadlineMs);
      const connect = guardedConnector({
        mode,
        resolver,
        signal: deadline,
        connectTimeoutMs: CONNECT_TIMEOUT_MS,
        onDial: (address) => {
          dialled = address;
        },
        ...(dial ? { dial } : {}),
      });
      const agent = new Agent({ connect, maxHeaderSize: MAX_HEADER_BYTES, pipelining: 0, allowH2: false });
      try {
        return {
          ...(await Promise.race([send(wish, agent), passed(deadline)])),
          dialledAddress: dialled,
        };
      } catch (error) {
        throw classify(error, { deadline, dialled });
      } finally {
        await agent.destroy();
      }
    },
  };
}

async function send(wish: EgressRequest, agent: Agent): Promise<Omit<EgressResponse, 'dialledAddress'>> {
  const startedAt = performance.now();
  const answer = await undiciRequest(wish.url, {
    dispatcher: agent,
    method: wish.method,
    headers: wish.headers,
    body: wish.body ?? null,
    // The deadline is the one limit: undici's own start anew with each byte.
    headersTimeout: 0,
    bodyTimeout: 0,
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
