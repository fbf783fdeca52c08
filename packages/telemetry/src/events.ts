/** One function per business event: the counter and its labels in one place. They never throw. */
import type { Attributes } from '@opentelemetry/api';
import { METRICS } from './metrics.ts';

/** A check reached a state; `reason` is the first of its reasons or its failure reason. */
export function checkMoved({ state, reason }: { state: string; reason?: string | undefined }): void {
  METRICS.checks.add(1, { state, reason: reason ?? 'none' });
}

export function frameReceived(): void {
  METRICS.frames.add(1);
}

/** A child process worked on a batch for `seconds`; `outcome` is scored, crashed, timeout or failed. */
export function inferenceEnded({
  seconds,
  outcome,
  profile,
}: {
  seconds: number;
  outcome: string;
  profile: string;
}): void {
  METRICS.inference.record(seconds, { outcome, profile } satisfies Attributes);
}

/** Where live and shadow are compared: the default threshold of three of the four contracts. */
const SHADOW_THRESHOLD = 0.6;

/** A shadow, by its name in the manifest, scored a frame that the live models scored; null when it failed. */
export function shadowScored({ shadow, live, score }: { shadow: string; live: number; score: number | null }): void {
  METRICS.shadowFrames.add(1, { shadow, outcome: shadowOutcome(live, score) });
  if (score === null) return;
  // Histograms drop negative values.
  METRICS.shadowDifference.record(Math.abs(score - live), { shadow, direction: score < live ? 'lower' : 'higher' });
}

function shadowOutcome(live: number, score: number | null): 'agrees' | 'would_accept' | 'would_refuse' | 'failed' {
  if (score === null) return 'failed';
  const [isLiveAbove, isShadowAbove] = [live >= SHADOW_THRESHOLD, score >= SHADOW_THRESHOLD];
  if (isLiveAbove === isShadowAbove) return 'agrees';
  return isShadowAbove ? 'would_accept' : 'would_refuse';
}

export function deliveryAttempted({ outcome }: { outcome: string }): void {
  METRICS.deliveryAttempts.add(1, { outcome });
}

/** A breaker opened (for the first time or again) or closed. */
export function breakerMoved({ state }: { state: 'open' | 'closed' }): void {
  METRICS.breakerMoves.add(1, { state });
}

export function deliveryBacklogMeasured(backlog: {
  due: number;
  oldestDueSeconds: number;
  openBreakers: number;
}): void {
  METRICS.deliveriesDue.record(backlog.due);
  METRICS.deliveryAge.record(backlog.oldestDueSeconds);
  METRICS.breakersOpen.record(backlog.openBreakers, { state: 'open' });
}

export function clockSkewMeasured({ seconds }: { seconds: number }): void {
  METRICS.clockSkew.record(seconds);
}

export function canaryAged({ seconds }: { seconds: number }): void {
  METRICS.canaryAge.record(seconds);
}

export function batchesReenqueued(count: number): void {
  METRICS.batchesReenqueued.add(count);
}
