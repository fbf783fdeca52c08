/** Holds every answer that an api gives in a test against the description, whoever asked: our clients, curl, a browser. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, OutgoingHttpHeader, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach } from 'vitest';
import { type ApiAnswer, descriptionFaults } from './description-faults.ts';

type Exchange = { request: IncomingMessage; response: ServerResponse; server: Server };

const STARTED = 'http.server.request.start';

/** For an api of this process, listening at `url`. The test during which an undescribed answer was given fails. */
export function watchAnswers(url: string): void {
  const faults: string[] = [];
  const stop = observeAnswers(Number(new URL(url).port), (answer) => faults.push(...descriptionFaults(answer)));
  const report = () => {
    const found = faults.splice(0);
    if (found.length > 0) throw new Error(`answers that are not described:\n${found.join('\n')}`);
  };
  afterEach(report);
  afterAll(() => {
    stop();
    report();
  });
}

/** Tells of every answer that a server of this process has given on `port`, until it is stopped. */
export function observeAnswers(port: number, onAnswer: (answer: ApiAnswer) => void): () => void {
  const listener = (message: unknown) => {
    const { request, response, server } = message as Exchange;
    if ((server.address() as AddressInfo | null)?.port !== port) return;
    const chunks = keepBody(response);
    response.once('finish', () => onAnswer(asAnswer({ request, response, chunks })));
  };
  subscribe(STARTED, listener);
  return () => void unsubscribe(STARTED, listener);
}

/** `fetch` for an api of another process: throws when its answer is not described. */
export async function fetchDescribed(url: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(url, init);
  const { pathname, search } = new URL(url);
  const faults = descriptionFaults({
    method: init.method ?? 'GET',
    target: pathname + search,
    status: response.status,
    header: (name) => response.headers.get(name),
    body: Buffer.from(await response.clone().arrayBuffer()),
  });
  if (faults.length > 0) throw new Error(`an answer that is not described:\n${faults.join('\n')}`);
  return response;
}

/** The chunks of the body, as they are written. */
function keepBody(response: ServerResponse): Buffer[] {
  const chunks: Buffer[] = [];
  const keep = (chunk: unknown, encoding: unknown) => {
    if (typeof chunk === 'string')
      chunks.push(Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8'));
    else if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
  };
  for (const name of ['write', 'end'] as const) {
    const original = response[name].bind(response) as (...parameters: unknown[]) => unknown;
    Object.assign(response, {
      [name]: (...parameters: unknown[]) => {
        keep(parameters[0], parameters[1]);
        return original(...parameters);
      },
    });
  }
  return chunks;
}

function asAnswer({ request, response, chunks }: Omit<Exchange, 'server'> & { chunks: Buffer[] }): ApiAnswer {
  return {
    method: request.method ?? '',
    target: originalTarget(request),
    status: response.statusCode,
    // Express sets its headers one by one; what is given to writeHead in one go cannot be read here.
    header: (name) => printed(response.getHeader(name)),
    body: Buffer.concat(chunks),
  };
}

/** Express rewrites `url` while it routes. */
function originalTarget(request: IncomingMessage & { originalUrl?: string }): string {
  return request.originalUrl ?? request.url ?? '';
}

function printed(value: OutgoingHttpHeader | undefined): string | null {
  return value === undefined ? null : String(value);
}
