import { expect, test } from 'vitest';
import { abortFor, reasonOf, throwIfAborted } from './abort-reason.ts';
import { unlessAborted } from './waiting.ts';

/** As browsers had it before Safari 15.4 and Chrome 100: no reason, and nothing that throws it. */
function anOldController(): AbortController {
  const controller = new AbortController();
  Object.defineProperties(controller.signal, { reason: { value: undefined }, throwIfAborted: { value: undefined } });
  return controller;
}

test('a signal of an old browser is aborted for a reason, and the first one counts', async () => {
  const controller = anOldController();
  throwIfAborted(controller.signal);
  const waiting = unlessAborted(new Promise(() => {}), controller.signal);
  abortFor(controller, 'first');
  abortFor(controller, 'second');
  expect(reasonOf(controller.signal)).toBe('first');
  expect(() => throwIfAborted(controller.signal)).toThrow('first');
  await expect(waiting).rejects.toBe('first');
  await expect(unlessAborted(new Promise(() => {}), controller.signal)).rejects.toBe('first');
});
