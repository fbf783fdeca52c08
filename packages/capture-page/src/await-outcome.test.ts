import { PROCESSING_LIMITS } from '@livegate/domain/processing-limits';
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

const notOverdue = () => {
  throw new Error('told as overdue');
};

test('polls gently until the check has been processed', async () => {
  const clock = aClock();
  const answers = ['processing', 'processing', 'done'];
  const status = await awaitOutcome({
    ...clock,
    onOverdue: notOverdue,
    status: async () => readCheckStatus({ state: answers.shift() }),
  });
  expect(status.state).toBe('done');
  expect(clock.pauses).toEqual([300, 420, 588]);
});

test('waits in the same words for as long as the server may take, and still hears that it wants another try', async () => {
  const clock = aClock();
  const status = await awaitOutcome({
    ...clock,
    onOverdue: notOverdue,
    status: async () =>
      readCheckStatus({ state: clock.now() > PROCESSING_LIMITS.verdictSeconds * 1_000 ? 'retry' : 'processing' }),
  });
  expect(status.state).toBe('retry');
});

test('tells once that it takes longer than that, asks on slowly, and ends with a check that is still processing', async () => {
  const clock = aClock();
  const told: number[] = [];
  const status = await awaitOutcome({
    ...clock,
    onOverdue: () => told.push(clock.now()),
    status: async () => readCheckStatus({ state: 'processing' }),
  });
  expect(status.state).toBe('processing');
  expect(told).toHaveLength(1);
  expect(told[0]).toBeGreaterThan(PROCESSING_LIMITS.verdictSeconds * 1_000);
  expect(clock.pauses.at(-1)).toBe(10_000);
});

test('a lost poll is passed over, a lost minute is told', async () => {
  let isFirst = true;
  const status = await awaitOutcome({
    ...aClock(),
    onOverdue: notOverdue,
    status: async () => {
      if (!isFirst) return readCheckStatus({ state: 'retry' });
      isFirst = false;
      throw new Trouble('unreachable');
    },
  });
  expect(status.state).toBe('retry');
  const clock = aClock();
  const never = awaitOutcome({
    ...clock,
    onOverdue: notOverdue,
    status: async () => {
      throw new Trouble('unreachable');
    },
  });
  await expect(never).rejects.toMatchObject({ code: 'unreachable' });
  expect(clock.now()).toBeLessThan(65_000);
});
