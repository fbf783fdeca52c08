/**
 * Measures this worker's clock against the database's: BullMQ on Postgres trusts it for locks. Said loudly, and no more: a
 * job taken twice is fenced out by its batch's generation, while a worker that stops would turn a wrong clock into an outage.
 */
import { measureClockSkew } from '@livegate/db/clock-skew';
import type { Queryable } from '@livegate/db/database';
import { clockSkewMeasured } from '@livegate/telemetry/events';
import type { Logger } from '@livegate/telemetry/logger';

const EVERY_MS = 30_000;
const ALARM_SECONDS = 2;

export type ClockWatch = { look(): Promise<number>; close(): void };

type Options = { db: Queryable; logger: Logger; now?: () => number };

export function watchClock({ db, logger, now = Date.now }: Options): ClockWatch {
  const look = async () => {
    const seconds = await measureClockSkew(db, now);
    clockSkewMeasured({ seconds });
    if (Math.abs(seconds) > ALARM_SECONDS)
      logger.error('clock_is_off', { seconds: Math.round(seconds * 1_000) / 1_000 });
    return seconds;
  };
  const timer = setInterval(() => void look().catch(() => undefined), EVERY_MS);
  timer.unref();
  void look().catch(() => undefined);
  return { look, close: () => clearInterval(timer) };
}
