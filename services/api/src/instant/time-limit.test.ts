import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { expect, it } from 'vitest';
import { timeLimit } from './time-limit.ts';

setFlagsFromString('--expose_gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Resolves when the limit fires; nothing but the promise holds on to it, as in a request that waits. */
const fired = (gone: AbortSignal, milliseconds: number) =>
  new Promise<void>((resolve) => timeLimit(gone, milliseconds).signal.addEventListener('abort', () => resolve()));

it('fires at the deadline, although the collector ran meanwhile', async () => {
  const waits = Array.from({ length: 20 }, () => fired(new AbortController().signal, 50));
  // Weak references hold until the turn in which they were made is over.
  await setImmediate();
  collectGarbage();
  await Promise.all(waits);
});

it('fires when the caller leaves, and at once when it has left already', async () => {
  const caller = new AbortController();
  const wait = fired(caller.signal, 60_000);
  caller.abort();
  await wait;
  expect(timeLimit(caller.signal, 60_000).signal.aborted).toBe(true);
});

it('never fires once it is released', async () => {
  const caller = new AbortController();
  const { signal, release } = timeLimit(caller.signal, 1);
  release();
  caller.abort();
  await fired(new AbortController().signal, 20);
  expect(signal.aborted).toBe(false);
});
