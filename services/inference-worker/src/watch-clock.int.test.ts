import type { Logger } from '@livegate/telemetry/logger';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { expect, it } from 'vitest';
import { watchClock } from './watch-clock.ts';

const { db } = await cloneDatabase();

it.each([
  [0, false],
  [120_000, true],
  [-120_000, true],
])('a clock that is off by %i ms raises an alarm: %s', async (offMs, alarms) => {
  const alarmed: string[] = [];
  const quiet = () => undefined;
  const logger: Logger = { debug: quiet, info: quiet, warn: quiet, error: (event) => void alarmed.push(event) };
  const watch = watchClock({ db, logger, now: () => Date.now() + offMs });
  // Both clocks are this machine's; only the way there and back lies between them.
  expect(Math.round((await watch.look()) / 2)).toBeCloseTo(offMs / 2_000);
  watch.close();
  expect(alarmed.includes('clock_is_off')).toBe(alarms);
});
