/**
 * How long an answer is waited for: until the caller leaves, or a deadline. By a timer of our own: Node forgets an
 * `AbortSignal.timeout` within an `AbortSignal.any` when the collector runs before the time is up (nodejs/node#57736), and
 * then the wait never ends.
 */
export type TimeLimit = { signal: AbortSignal; release(): void };

/** `release` when nothing waits any more. */
export function timeLimit(gone: AbortSignal, milliseconds: number): TimeLimit {
  const controller = new AbortController();
  const end = () => controller.abort();
  const timer = setTimeout(end, milliseconds);
  gone.addEventListener('abort', end);
  if (gone.aborted) end();
  return {
    signal: controller.signal,
    release: () => {
      clearTimeout(timer);
      gone.removeEventListener('abort', end);
    },
  };
}
