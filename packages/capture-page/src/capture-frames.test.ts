import { expect, test } from 'vitest';
import { abortFor } from './abort-reason.ts';
import { captureFrames } from './capture-frames.ts';
import { Trouble } from './trouble.ts';

function aCapture(over: { shouldStop?: (taken: number) => boolean; signal?: AbortSignal } = {}) {
  let time = 0;
  const taken: [number, number][] = [];
  const done = captureFrames({
    plan: { count: 4, intervalMs: 250, minWidth: 640, minHeight: 480 },
    // Encoding takes time, which must not be added to the interval.
    grab: async () => {
      time += 40;
      return new Blob();
    },
    onFrame: ({ seq }) => taken.push([seq, time]),
    shouldStop: () => over.shouldStop?.(taken.length) ?? false,
    signal: over.signal ?? new AbortController().signal,
    now: () => time,
    wait: async (milliseconds) => {
      time += milliseconds;
    },
  });
  return { taken, done };
}

test('frames keep their pace however long encoding takes', async () => {
  const { taken, done } = aCapture();
  await done;
  expect(taken).toEqual([
    [0, 40],
    [1, 290],
    [2, 540],
    [3, 790],
  ]);
});

test('no more frames are taken when the upload has failed', async () => {
  const { taken, done } = aCapture({ shouldStop: (count) => count === 2 });
  await done;
  expect(taken).toHaveLength(2);
});

test('an interruption ends the capture with its reason', async () => {
  const controller = new AbortController();
  abortFor(controller, new Trouble('page_hidden'));
  const { done } = aCapture({ signal: controller.signal });
  await expect(done).rejects.toMatchObject({ code: 'page_hidden' });
});
