import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

const locksOf = (env: Record<string, string>) => {
  const { failureLock, browserLock } = readConfig({
    DATABASE_URL: 'postgres://localhost/x',
    REDIS_URL: 'redis://localhost',
    LIVEGATE_PUBLIC_URL: 'https://liveness.example.com',
    ...env,
  });
  return { person: failureLock.failures, browser: browserLock.failures };
};

describe('the lock after failures', () => {
  it('holds for persons and browsers in production', () => {
    expect(locksOf({})).toEqual({ person: 5, browser: 5 });
  });

  it('holds for persons alone in development, where one browser fails all day', () => {
    expect(locksOf({ LIVEGATE_MODE: 'development' })).toEqual({ person: 5, browser: 0 });
  });

  it('is for both what the setting says', () => {
    const LIVEGATE_FAILURE_LOCK = '2/60/60';
    expect(locksOf({ LIVEGATE_MODE: 'development', LIVEGATE_FAILURE_LOCK })).toEqual({ person: 2, browser: 2 });
    expect(locksOf({ LIVEGATE_FAILURE_LOCK: 'off' })).toEqual({ person: 0, browser: 0 });
  });
});
