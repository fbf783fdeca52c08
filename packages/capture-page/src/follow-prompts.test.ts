import { expect, test } from 'vitest';
import { abortFor } from './abort-reason.ts';
import type { ChallengeStep } from './challenge-step.ts';
import { followPrompts } from './follow-prompts.ts';
import { Trouble } from './trouble.ts';

const aStep = (step: number, prompt: ChallengeStep['prompt'], isOver = false): ChallengeStep => ({
  step,
  of: 3,
  prompt,
  nonce: `nonce-${step}`,
  isOver,
  pauseMs: 140,
});

/** A server that moves on after every second frame; `refuse` throws for a frame. */
function aCapture(over: { refuse?: (seq: number) => Trouble | null; signal?: AbortSignal } = {}) {
  let time = 0;
  const sent: string[] = [];
  const shown: string[] = [];
  const done = followPrompts({
    first: aStep(0, 'center'),
    grab: async () => new Blob(),
    put: async ({ seq, nonce, takenMs }) => {
      time += 30;
      const refusal = over.refuse?.(seq);
      if (refusal) throw refusal;
      sent.push(`${seq}/${nonce}/${takenMs}`);
      const step = Math.floor((seq + 1) / 2);
      return step > 2 ? aStep(2, 'right', true) : aStep(step, (['center', 'left', 'right'] as const)[step] ?? 'center');
    },
    onStep: ({ prompt, isOver }) => shown.push(isOver ? 'over' : prompt),
    signal: over.signal ?? new AbortController().signal,
    now: () => time,
    wait: async (milliseconds) => {
      time += milliseconds;
    },
  });
  return { done, sent, shown };
}

test('every frame carries the nonce of the step that was asked for when it was taken', async () => {
  const { done, sent, shown } = aCapture();
  expect(await done).toBe(6);
  expect(sent).toEqual([
    '0/nonce-0/0',
    '1/nonce-0/140',
    '2/nonce-1/280',
    '3/nonce-1/420',
    '4/nonce-2/560',
    '5/nonce-2/700',
  ]);
  expect(shown).toEqual(['center', 'left', 'right', 'over']);
});

test('a step whose time is over ends the sequence, any other refusal is passed on', async () => {
  const late = aCapture({ refuse: (seq) => (seq === 3 ? new Trouble('challenge_too_late') : null) });
  expect(await late.done).toBe(3);
  expect(late.shown.at(-1)).toBe('over');
  const lost = aCapture({ refuse: (seq) => (seq === 1 ? new Trouble('capture_superseded') : null) });
  await expect(lost.done).rejects.toMatchObject({ code: 'capture_superseded' });
});

test('a lost frame is sent again under its own place', async () => {
  let isFirst = true;
  const { done, sent } = aCapture({
    refuse: (seq) => {
      if (seq !== 1 || !isFirst) return null;
      isFirst = false;
      return new Trouble('unreachable');
    },
  });
  await done;
  expect(sent.map((frame) => frame.split('/')[0])).toEqual(['0', '1', '2', '3', '4', '5']);
});

test('an interruption before the first step shows nothing and ends it with its reason', async () => {
  const controller = new AbortController();
  abortFor(controller, new Trouble('page_hidden'));
  const { done, shown } = aCapture({ signal: controller.signal });
  await expect(done).rejects.toMatchObject({ code: 'page_hidden' });
  expect(shown).toEqual([]);
});

test('a lost frame is not sent again once it is interrupted', async () => {
  const controller = new AbortController();
  let tries = 0;
  const { done } = aCapture({
    signal: controller.signal,
    refuse: () => {
      tries++;
      abortFor(controller, new Trouble('camera_lost'));
      return new Trouble('unreachable');
    },
  });
  await expect(done).rejects.toMatchObject({ code: 'camera_lost' });
  expect(tries).toBe(1);
});
