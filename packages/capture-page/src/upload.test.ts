import { expect, test } from 'vitest';
import { Trouble, type TroubleCode } from './trouble.ts';
import { createUploader } from './upload.ts';

const frame = (seq: number) => ({ seq, jpeg: new Blob([`${seq}`]) });

/** A server whose answers are given by sequence number; what is not given succeeds. */
function aServer(answers: Record<number, TroubleCode[]> = {}) {
  const received: number[] = [];
  const pauses: number[] = [];
  const running = { now: 0, most: 0 };
  const uploader = createUploader({
    wait: async (milliseconds) => {
      pauses.push(milliseconds);
    },
    put: async ({ seq }) => {
      running.now++;
      running.most = Math.max(running.most, running.now);
      await Promise.resolve();
      running.now--;
      const trouble = answers[seq]?.shift();
      if (trouble) throw new Trouble(trouble);
      received.push(seq);
    },
  });
  return { uploader, received, pauses, running };
}

test('all frames arrive, two at a time', async () => {
  const { uploader, received, running } = aServer();
  for (let seq = 0; seq < 8; seq++) uploader.add(frame(seq));
  await uploader.settle();
  expect(received.sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(running.most).toBe(2);
  expect(uploader.sent()).toBe(8);
});

test('a frame lost three times is sent a fourth, after growing pauses', async () => {
  const { uploader, received, pauses } = aServer({ 0: ['unreachable', 'server_fault', 'unreachable'] });
  uploader.add(frame(0));
  await uploader.settle();
  expect(received).toEqual([0]);
  expect(pauses).toEqual([400, 1_000, 2_500]);
});

test('a frame given up stops the rest; settling again sends what is left', async () => {
  const { uploader, received } = aServer({ 0: Array<TroubleCode>(4).fill('unreachable') });
  for (let seq = 0; seq < 4; seq++) uploader.add(frame(seq));
  await expect(uploader.settle()).rejects.toMatchObject({ code: 'unreachable' });
  await uploader.settle();
  expect(received.sort()).toEqual([0, 1, 2, 3]);
});

test('a refusal is final at once and is seen while frames are still captured', async () => {
  const { uploader, pauses } = aServer({ 0: ['capture_superseded'] });
  uploader.add(frame(0));
  await expect(uploader.settle()).rejects.toMatchObject({ code: 'capture_superseded' });
  expect(pauses).toEqual([]);
});

test('nothing added is nothing to wait for', async () => {
  await aServer().uploader.settle();
});
