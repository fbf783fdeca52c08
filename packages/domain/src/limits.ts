/** What may be asked of a Livegate: limits per client, set by the operator, and one per capture link. */

/** Null: no limit, as for a client that nobody set one for. */
export type ClientLimits = {
  /** Requests of one API key, over all addresses. */
  requestsPerMinute: number | null;
  /** Checks made within a calendar month, UTC. */
  checksPerMonth: number | null;
  /** Checks that are pending or in progress at one time. */
  openChecks: number | null;
};

export type Rate = {
  /** Sustained. */
  perMinute: number;
  /** Requests that may come at once after a pause. */
  burst: number;
};

/** One capture link: some times what a page needs for a capture, so that only a script gets to it. */
export const LINK_RATE: Rate = { perMinute: 600, burst: 300 };

/** How long the code lives that moves a capture to the person's phone: long enough to find it, unlock it and scan. */
export const HANDOFF_SECONDS = 300;

/** A key's rate: ten seconds' worth may come at once, and always one. */
export function keyRate(requestsPerMinute: number): Rate {
  return { perMinute: requestsPerMinute, burst: Math.max(1, Math.ceil(requestsPerMinute / 6)) };
}
