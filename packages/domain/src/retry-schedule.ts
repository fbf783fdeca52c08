/**
 * When a webhook delivery is tried: 12 attempts over 79.4 h, six of them while images can still be fetched.
 * Longer than Svix (8 attempts, 27.6 h) and Standard Webhooks' example (10, 75.6 h).
 */
const minute = 60;
const hour = 60 * minute;

/** Seconds between the previous attempt (or the event) and each attempt. */
export const RETRY_DELAYS_SECONDS = [
  0,
  5,
  30,
  2 * minute,
  5 * minute,
  15 * minute,
  hour,
  4 * hour,
  10 * hour,
  16 * hour,
  24 * hour,
  24 * hour,
];

/** Seconds for one attempt: resolving, connecting, sending and the whole answer. */
export const ATTEMPT_DEADLINE_SECONDS = 15;

/** Share of a delay by which it is moved at random, so that receivers that failed together are not retried together. */
export const JITTER = 0.2;

/**
 * Seconds to wait after `attemptsMade` attempts, or null when the horizon is reached. `random` is uniform in [0, 1).
 * A Retry-After is honoured within [delay, 2 x delay]: a receiver may ask for air, not for oblivion.
 */
export function nextDelaySeconds(attemptsMade: number, random: number, retryAfterSeconds?: number): number | null {
  const base = RETRY_DELAYS_SECONDS[attemptsMade];
  if (base === undefined) return null;
  const jittered = base * (1 + JITTER * (2 * random - 1));
  return retryAfterSeconds === undefined ? jittered : Math.max(jittered, Math.min(retryAfterSeconds, 2 * base));
}
