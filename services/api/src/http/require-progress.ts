/**
 * Closes a request whose body does not come on: a person on a bad line uploads slowly but steadily, who holds connections
 * open drips. Node's own limit only knows the whole request.
 */
import type { Request, RequestHandler } from 'express';
import { referenceOf } from './reference.ts';

/** A body that is not there must grow by as much in each span of this length: 1 KB a second, a tenth of 2G. */
const WINDOW_MS = 9_000;
const LEAST_BYTES = 9 * 1024;
// A second more than the window is the longest that a stalled body is held.
const LOOK_EVERY_MS = 1_000;

export const requireProgress: RequestHandler = (request, response, next) => {
  if (hasBody(request)) watch(request, referenceOf(response));
  next();
};

/** Written past Express: a handler waits for the body, and with it the contract whose shape the answer would have. */
function tooSlow(reference: string): string {
  const body = JSON.stringify({
    type: 'urn:livegate:problem:request_timeout',
    title: 'The body came too slowly',
    status: 408,
    code: 'request_timeout',
    reference,
  });
  return [
    'HTTP/1.1 408 Request Timeout',
    'Connection: close',
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-ID: ${reference}`,
    '',
    body,
  ].join('\r\n');
}

function hasBody(request: Request): boolean {
  if (request.complete) return false;
  return request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
}

function watch(request: Request, reference: string): void {
  const { socket } = request;
  const seen = [{ at: performance.now(), bytes: socket.bytesRead }];
  const timer = setInterval(() => {
    if (request.complete || socket.destroyed) return clearInterval(timer);
    const now = performance.now();
    seen.push({ at: now, bytes: socket.bytesRead });
    while (seen[1] && now - seen[1].at >= WINDOW_MS) seen.shift();
    const [from] = seen;
    if (!from || now - from.at < WINDOW_MS || socket.bytesRead - from.bytes >= LEAST_BYTES) return;
    clearInterval(timer);
    // Nothing was answered yet: a handler that waits for the body sees it end early.
    socket.end(tooSlow(reference), () => socket.destroy());
  }, LOOK_EVERY_MS);
  timer.unref();
  request.once('close', () => clearInterval(timer));
}
