import { reasonOf } from './abort-reason.ts';
import { Trouble, type TroubleCode } from './trouble.ts';

/** Waits by the wall clock; everything that waits takes it as an argument, so that tests need no clock. */
export type Wait = (milliseconds: number) => Promise<void>;

/** The page's own clock. */
export const waitInPage: Wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** No await without a limit: the result of `work`, or trouble `otherwise` when the limit passes first. */
export function withinLimit<T>(work: Promise<T>, limit: { milliseconds: number; otherwise: TroubleCode }): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Trouble(limit.otherwise)), limit.milliseconds);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** The result of `work`, or the signal's reason as soon as it is aborted. */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(reasonOf(signal));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

const LONGEST_OFFLINE_MS = 60_000;

/** Resolves when the browser says that it is online, at once if it is; after a minute in any case. */
export function untilOnline(window: Window): Promise<void> {
  if (window.navigator.onLine) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LONGEST_OFFLINE_MS);
    window.addEventListener(
      'online',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
