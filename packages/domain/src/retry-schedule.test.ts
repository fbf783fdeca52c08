import { describe, expect, it } from 'vitest';
import { DELIVERY_HORIZON_HOURS } from './delivery-limits.ts';
import { ATTEMPT_DEADLINE_SECONDS, nextDelaySeconds, RETRY_DELAYS_SECONDS } from './retry-schedule.ts';

describe('the retry schedule', () => {
  it('makes 12 attempts over 79.4 hours, six of them in the first 23 minutes', () => {
    const hours = RETRY_DELAYS_SECONDS.reduce((sum, delay) => sum + delay, 0) / 3_600;
    expect(RETRY_DELAYS_SECONDS).toHaveLength(12);
    expect(hours).toBeCloseTo(79.376, 2);
    expect(RETRY_DELAYS_SECONDS.slice(0, 6).reduce((sum, delay) => sum + delay, 0)).toBeLessThanOrEqual(23 * 60);
  });

  it('moves each delay by at most a fifth', () => {
    expect(nextDelaySeconds(1, 0)).toBeCloseTo(4);
    expect(nextDelaySeconds(1, 0.5)).toBe(5);
    expect(nextDelaySeconds(1, 0.999999)).toBeLessThanOrEqual(6);
  });

  it('ends after the last attempt', () => {
    expect(nextDelaySeconds(11, 0.5)).toBe(86_400);
    expect(nextDelaySeconds(12, 0.5)).toBeNull();
  });

  it('honours Retry-After within the delay and twice the delay', () => {
    expect(nextDelaySeconds(2, 0.5, 1)).toBe(30);
    expect(nextDelaySeconds(2, 0.5, 45)).toBe(45);
    expect(nextDelaySeconds(2, 0.5, 1e9)).toBe(60);
  });

  it('makes every attempt within the horizon, also for a receiver that always asks for more time', () => {
    const longest = RETRY_DELAYS_SECONDS.map((_, made) => nextDelaySeconds(made, 0.999999, 1e9) ?? 0);
    const attempts = RETRY_DELAYS_SECONDS.length * ATTEMPT_DEADLINE_SECONDS;
    const hours = (longest.reduce((sum, delay) => sum + delay, 0) + attempts) / 3_600;
    expect(hours).toBeCloseTo(158.8, 1);
    expect(hours).toBeLessThan(DELIVERY_HORIZON_HOURS);
  });
});
