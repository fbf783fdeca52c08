/**
 * What is left of a body when the answer is already known: read off and forgotten, so that a client which sends before it
 * listens still gets to see the answer. One that never stops sending is cut off.
 */
import type { Request, Response } from 'express';
import { isWaitingForContinue } from './read-bytes.ts';

// No route takes more: whoever sends on after that much was never going to be answered otherwise.
const MOST_BYTES = 16 * 1024 * 1024;

export function discardBody(request: Request, response: Response): void {
  if (request.complete) return;
  if (isWaitingForContinue(request)) {
    // A body that was never asked for may or may not follow: the next request would be taken for it.
    response.set('Connection', 'close');
  } else if (!response.shouldKeepAlive) {
    // Closing after the answer, as this client asked, would reset the connection under a body on its way, answer and all.
    response.shouldKeepAlive = true;
    request.once('end', () => request.socket.end());
  }
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) request.socket.destroy();
  });
}
