/** A signal that fires when the caller closes the connection before the answer. */
import type { Response } from 'express';

export function callerGone(response: Response): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}
