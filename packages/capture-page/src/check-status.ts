import { type FramePlan, readFramePlan } from './frame-plan.ts';
import { Trouble } from './trouble.ts';

const STATES = ['open', 'processing', 'retry', 'done', 'failed', 'expired'] as const;

/** What the server says about the check; `words` come from its table of safe words. */
export type CheckStatus = {
  state: (typeof STATES)[number];
  words: string | null;
  redirectUrl: string | null;
  frames: FramePlan;
  clientName: string | null;
};

/** Reads a status answer; one that names no known state is a fault of the server. */
export function readCheckStatus(answer: Record<string, unknown>): CheckStatus {
  const state = STATES.find((known) => known === answer.state);
  if (!state) throw new Trouble('server_fault');
  return {
    state,
    words: readText(answer.words),
    redirectUrl: readRedirectUrl(answer.redirect_url),
    frames: readFramePlan(answer.frames),
    clientName: readText(answer.client_name),
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
