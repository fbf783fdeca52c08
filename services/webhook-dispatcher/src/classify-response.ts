/** What one attempt means for its delivery: delivered, try again, or dead. Pure; never matches on message text. */
import type { DeadReason } from '@livegate/domain/delivery-limits';
import { nextDelaySeconds } from '@livegate/domain/retry-schedule';

/** What came of an attempt: a status with headers, or the code of the failure that kept it from one. */
export type AttemptResult =
  | { kind: 'answered'; status: number; headers: Record<string, string | string[] | undefined> }
  | { kind: 'failed'; code: string };

export type Classification =
  | { outcome: 'delivered' }
  | { outcome: 'retry'; inSeconds: number }
  | { outcome: 'dead'; why: Extract<DeadReason, 'exhausted' | 'gone' | 'aborted' | 'blocked'> };

// A receiver that is throttling or too slow gets at least a minute's rest.
const MIN_REST_SECONDS = 60;

/** `step` counts the attempts of the present schedule, this one included; `random` is uniform in [0, 1). */
export function classifyResponse(
  result: AttemptResult,
  { step, random, now }: { step: number; random: number; now: Date },
): Classification {
  if (result.kind === 'failed' && result.code === 'blocked') return { outcome: 'dead', why: 'blocked' };
  if (result.kind === 'answered') {
    if (result.status >= 200 && result.status < 300) return { outcome: 'delivered' };
    if (result.status === 410) return { outcome: 'dead', why: 'gone' };
    // Svix's convention: a receiver that will never take this message says so.
    if (headerOf(result.headers, 'webhook-delivery') === 'abort-message') return { outcome: 'dead', why: 'aborted' };
  }
  const delay = nextDelaySeconds(step, random, retryAfterOf(result, now));
  if (delay === null) return { outcome: 'dead', why: 'exhausted' };
  return { outcome: 'retry', inSeconds: needsRest(result) ? Math.max(delay, MIN_REST_SECONDS) : delay };
}

/**
 * What an attempt says about the receiver's health, for its breaker. A refusal of this one message is a healthy answer; a
 * call that was never made, and a fault of ours, say nothing.
 */
export function healthOf(result: AttemptResult): 'up' | 'down' | 'none' {
  if (result.kind === 'failed') return FAULTS_OF_RECEIVER.has(result.code) ? 'down' : 'none';
  if (result.status >= 200 && result.status < 300) return 'up';
  const refusal = result.status === 410 || headerOf(result.headers, 'webhook-delivery') === 'abort-message';
  return refusal ? 'up' : 'down';
}

const FAULTS_OF_RECEIVER = new Set(['dns', 'connect', 'tls', 'timeout', 'too_large', 'protocol']);

function needsRest(result: AttemptResult): boolean {
  return result.kind === 'answered' ? result.status === 429 : result.code === 'timeout';
}

function retryAfterOf(result: AttemptResult, now: Date): number | undefined {
  if (result.kind !== 'answered' || (result.status !== 429 && result.status !== 503)) return undefined;
  const text = headerOf(result.headers, 'retry-after');
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, (at - now.getTime()) / 1_000);
}

function headerOf(headers: Record<string, string | string[] | undefined>, name: string): string | undefined {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value)?.trim();
}
