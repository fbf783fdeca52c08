import { type FramePlan, readFramePlan } from './frame-plan.ts';
import { Trouble } from './trouble.ts';

const STATES = ['open', 'processing', 'retry', 'done', 'failed', 'expired'] as const;

const HANDOFFS = ['waiting', 'expired', 'taken', 'capturing', 'here'] as const;

/** What the server says about the check; `words` come from its table of safe words. */
export type CheckStatus = {
  state: (typeof STATES)[number];
  attempt: number;
  attemptsAllowed: number;
  /** Why the last attempt did not count, as the server's code and in its words. */
  reason: string | null;
  words: string | null;
  redirectUrl: string | null;
  frames: FramePlan;
  clientName: string | null;
  /** The person agreed before, in this browser. */
  hasConsented: boolean;
  isElsewhere: boolean;
  isChallenged: boolean;
  /** Where the page's own detector lies; null where there is none. */
  detectorUrl: string | null;
  canHandOff: boolean;
  /** This browser's part in a hand-over to another one. */
  handoff: (typeof HANDOFFS)[number] | null;
  /** The client's logo, and the one for dark pages. */
  logoUrl: string | null;
  darkLogoUrl: string | null;
  /** Sites that may show this page in a frame. */
  frameOrigins: readonly string[];
};

/** Reads a status answer; one that names no known state is a fault of the server. */
export function readCheckStatus(answer: Record<string, unknown>): CheckStatus {
  const state = STATES.find((known) => known === answer.state);
  if (!state) throw new Trouble('server_fault');
  return {
    state,
    attempt: readCount(answer.attempt),
    attemptsAllowed: readCount(answer.attempts_allowed),
    reason: readText(answer.reason),
    words: readText(answer.words),
    redirectUrl: readRedirectUrl(answer.redirect_url),
    frames: readFramePlan(answer.frames),
    clientName: readText(answer.client_name),
    hasConsented: answer.consented === true,
    isElsewhere: answer.elsewhere === true,
    isChallenged: answer.challenge === 'turn',
    detectorUrl: readText(answer.detector_url),
    canHandOff: answer.can_hand_off === true,
    handoff: HANDOFFS.find((known) => known === answer.handoff) ?? null,
    logoUrl: readText(answer.logo_url),
    darkLogoUrl: readText(answer.dark_logo_url),
    frameOrigins: Array.isArray(answer.frame_origins) ? answer.frame_origins.filter((one) => readText(one)) : [],
  };
}

/**
 * An address to leave to, or null. Integrators may use their app's own scheme, so schemes are not listed; those that
 * would run in this page's place are refused, whoever sent them.
 */
export function readRedirectUrl(value: unknown): string | null {
  const text = readText(value);
  if (!text) return null;
  try {
    return /^(javascript|data|blob|vbscript|file|about):$/.test(new URL(text).protocol) ? null : text;
  } catch {
    return null;
  }
}

function readText(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

function readCount(value: unknown): number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : 1;
}
