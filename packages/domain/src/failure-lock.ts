/**
 * Who fails often within a short time has to wait: an attacker's tries cost time, and a person has a rest. A person is what
 * the client calls them; a device is a browser, by a random number of its own.
 */

/** `failures` within `windowSeconds` lock for `lockSeconds` from the last of them; 0 failures: nobody is ever locked. */
export type FailureLock = { failures: number; windowSeconds: number; lockSeconds: number };

/** What a deployment has unless it says otherwise, as `failures/window/lock`. */
export const USUAL_FAILURE_LOCK = '5/180/900';

const MOST = { failures: 100, seconds: 3_600 } as const;

/** How long a failure is remembered: as long as the longest window and the longest lock. */
export const FAILURE_MEMORY_SECONDS = 2 * MOST.seconds;

export const FAILURE_LOCK_FORM = `FAILURES/WINDOW/LOCK with 1 to ${MOST.failures} failures and seconds from 1 to ${MOST.seconds}, or off`;

/** `5/180/900` or `off`; null for anything else. */
export function parseFailureLock(text: string): FailureLock | null {
  if (text === 'off') return { failures: 0, windowSeconds: 1, lockSeconds: 1 };
  const [, failures, windowSeconds, lockSeconds] = (/^(\d{1,3})\/(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []).map(Number);
  const isSound = (value: number | undefined, most: number): value is number =>
    value !== undefined && value >= 1 && value <= most;
  if (!isSound(failures, MOST.failures) || !isSound(windowSeconds, MOST.seconds) || !isSound(lockSeconds, MOST.seconds))
    return null;
  return { failures, windowSeconds, lockSeconds };
}

/** As it is written in a setting. */
export function printFailureLock({ failures, windowSeconds, lockSeconds }: FailureLock): string {
  return failures === 0 ? 'off' : `${failures}/${windowSeconds}/${lockSeconds}`;
}
