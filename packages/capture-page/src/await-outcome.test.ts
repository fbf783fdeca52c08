import { expect, test } from 'vitest';
import { awaitOutcome } from './await-outcome.ts';
import { readCheckStatus } from './check-status.ts';
import { Trouble } from './trouble.ts';

/** A clock that only waiting moves. */
function aClock() {
  let time = 0;
  const pauses: number[] = [];
  return {
    pauses,
    now: () => time,
    wait: async (milliseconds: number) => {
      pauses.push(milliseconds);
      time += milliseconds;
    },
  };
}

test('polls gently until the check has been processed', async () => {
  const clock = aClock();
  const answers = ['processing', 'processing', 'done'];
  const status = await awaitOutcome({ ...clock, status: async () => readCheckStatus({ state: answers.shift() }) });
  expect(status.state).toBe('done');
  expect(clock.pauses).toEqual([300, 420, 588]);
});

test('ends after about a minute with a check that is still processing', async () => {
  const clock = aClock();
  const status = await awaitOutcome({ ...clock, status: async () => readCheckStatus({ state: 'processing' }) });
  expect(status.state).toBe('processing');
  expect(clock.now()).toBeGreaterThanOrEqual(60_000);
  expect(clock.now()).toBeLessThan(63_000);
});

test('a lost poll is passed over, a lost minute is told', async () => {
  let isFirst = true;
  const status = await awaitOutcome({
    ...aClock(),
    status: async () => {
      if (!isFirst) return readCheckStatus({ state: 'retry' });
      isFirst = false;
      throw new Trouble('unreachable');
    },
  });
  expect(status.state).toBe('retry');
  const never = awaitOutcome({
    ...aClock(),
    status: async () => {
      throw new Trouble('unreachable');
    },
  });
  await expect(never).rejects.toMatchObject({ code: 'unreachable' });
});
