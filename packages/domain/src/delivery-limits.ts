/** How hard receivers are called: fairness between them, and the breaker that rests a broken one. Policy in numbers. */

/** Calls in flight at once, counted over all dispatchers: one receiver that hangs must not take the room of the others. */
export const IN_FLIGHT_LIMITS = { perOrigin: 4, perClient: 16, total: 64 } as const;

/** Seconds for which a claimed delivery is its dispatcher's: more than an attempt's total deadline and its recording. */
export const CLAIM_LEASE_SECONDS = 30;

/**
 * The breaker of one client's calls to one origin. Open, it lets nothing through and uses up no attempt; when its time is
 * over one probe decides whether it closes or rests for twice as long.
 */
export const BREAKER = {
  windowMinutes: 5,
  minCalls: 10,
  failingShare: 0.7,
  openSeconds: 30,
  maxOpenSeconds: 600,
  /** Trips in a row after which somebody should look. */
  alertTrips: 10,
} as const;

/**
 * Hours after which a delivery that was never made is given up, however many attempts are left: the schedule's 79.4 h
 * twice, as far as Retry-After may stretch it, and a little. Only a breaker that stays open leads here.
 */
export const DELIVERY_HORIZON_HOURS = 168;

/** Why a delivery is a dead letter. */
export const DEAD_REASONS = {
  exhausted: 'All attempts of the schedule failed.',
  horizon: 'The receiver was unreachable for so long that not all attempts could be made.',
  gone: 'The receiver answered 410.',
  aborted: 'The receiver asked for no more attempts (webhook-delivery: abort-message).',
  blocked: 'The address is not one that may be called.',
  endpoint_disabled: 'The endpoint was disabled.',
  endpoint_deleted: 'The endpoint was deleted.',
} as const;
export type DeadReason = keyof typeof DEAD_REASONS;

/** Account-level endpoints of one client at the most. */
export const MAX_ENDPOINTS = 20;
/** Older secrets of one endpoint that may still sign during a rotation. */
export const MAX_OLD_SECRETS = 10;
/** Hours for which a rotated secret goes on signing beside the new one. */
export const ROTATION_OVERLAP_HOURS = 24;
