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

/** The first attempt of a delivery ended `seconds` after the event was committed, whatever the receiver said. */
export function firstAttemptEnded({ seconds }: { seconds: number }): void {
  METRICS.firstAttempt.record(seconds);
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

/** How far this process's clock is from the database's, in seconds; positive when it is ahead. */
export function clockSkewMeasured({ seconds }: { seconds: number }): void {
  METRICS.clockSkew.record(seconds);
}

export function canaryAged({ seconds }: { seconds: number }): void {
  METRICS.canaryAge.record(seconds);
}

export function batchesReenqueued(count: number): void {
  METRICS.batchesReenqueued.add(count);
}

/** A request was answered. `route` is the pattern, never the path. */
export function requestAnswered({
  method,
  route,
  status,
  seconds,
}: {
  method: string;
  route: string;
  status: number;
  seconds: number;
}): void {
  METRICS.requests.record(seconds, {
    http_request_method: KNOWN_METHODS.has(method) ? method : '_OTHER',
    http_route: route,
    http_response_status_code: status,
  });
}

const KNOWN_METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** A capture goes to the person's phone: offered, taken there, or taken back before a picture was taken. */
type HandoffStep = 'handoff_offered' | 'handoff_taken' | 'handoff_taken_back';

/** A person took a step of a hosted capture; `returned` is an attempt that could not be evaluated, and the last two are its verdict. */
export function captureStepped(
  step: 'opened' | 'started' | 'submitted' | 'returned' | 'abandoned' | 'passed' | 'not_passed' | HandoffStep,
): void {
  METRICS.captureSteps.add(1, { step });
}

export function verdictReached({ seconds }: { seconds: number }): void {
  METRICS.verdict.record(seconds);
}

export function batchClaimed({ waitedSeconds }: { waitedSeconds: number }): void {
  METRICS.batchWait.record(waitedSeconds);
}

export type ScoredFrame = {
  score: number | null;
  reasons: readonly string[];
  /** Milliseconds by stage, and raw measures of the face; absent for a picture that could not be read. */
  timings?: Readonly<Record<string, number>> | undefined;
  quality?: Readonly<Record<string, number>> | undefined;
};

/** A frame went through the engine: what it scored, why not, what it looked like and how long each stage took. */
export function frameScored(frame: ScoredFrame, { profile }: { profile: string }): void {
  if (frame.score !== null) METRICS.scores.record(frame.score, { profile });
  for (const reason of frame.reasons) METRICS.frameReasons.add(1, { reason, profile });
  for (const [stage, milliseconds] of Object.entries(frame.timings ?? {})) {
    METRICS.stages.record(milliseconds / 1_000, { stage, profile });
  }
  const { luma, faceSide, sharpness } = frame.quality ?? {};
  if (luma !== undefined) METRICS.faceLuma.record(luma);
  if (faceSide !== undefined) METRICS.faceSide.record(faceSide);
  if (sharpness !== undefined) METRICS.faceSharpness.record(sharpness);
}

export function childLost(): void {
  METRICS.childrenLost.add(1);
}

export type Backlog = {
  batchesWaiting: number;
  oldestBatchSeconds: number;
  outboxLagSeconds: number;
  checksPending: number;
  checksInProgress: number;
  imagesOverdue: number;
};

/** What waits, as Postgres has it. */
export function backlogMeasured(backlog: Backlog): void {
  METRICS.batchesWaiting.record(backlog.batchesWaiting);
  METRICS.queueAge.record(backlog.oldestBatchSeconds, { queue: 'inference' });
  METRICS.outboxLag.record(backlog.outboxLagSeconds);
  METRICS.openChecks.record(backlog.checksPending, { state: 'pending' });
  METRICS.openChecks.record(backlog.checksInProgress, { state: 'in_progress' });
  METRICS.imagesOverdue.record(backlog.imagesOverdue);
}

/** How many jobs the queue holds, by state. */
export function queueMeasured(jobs: Readonly<Record<string, number>>): void {
  for (const [state, count] of Object.entries(jobs)) METRICS.queueJobs.record(count, { queue: 'inference', state });
}

/** Rows that break an invariant, by its name; zeros count too, so that the first breach is seen as a rise. */
export function invariantsChecked(violations: Readonly<Record<string, number>>): void {
  for (const [invariant, rows] of Object.entries(violations)) METRICS.invariantViolations.add(rows, { invariant });
}

export function sweepEnded({ sweep, seconds, failed }: { sweep: string; seconds: number; failed: boolean }): void {
  METRICS.sweeps.record(seconds, { sweep });
  METRICS.sweepFailures.add(failed ? 1 : 0, { sweep });
}
