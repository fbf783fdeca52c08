/**
 * What a hosted check must do, in the plainest words that still predict every answer. It knows nothing of SQL, queues or HTTP,
 * and shares only the numbers with the product.
 */
import type { CheckState } from '@livegate/domain/check-state';
import type { FailureReason } from '@livegate/domain/failure';
import { MAX_FRAMES_PER_BATCH, PROCESSING_LIMITS } from '@livegate/domain/processing-limits';
import { IMAGE_RETENTION_MINUTES } from '@livegate/domain/retention';
import { MIN_SCORED_FRAMES } from '@livegate/domain/verdict';
import type { CreatedCheck, SweepName } from './system.ts';

/** What a person's frames show; `poison` kills the process that scores it. */
export const PRESENTATIONS = { 'bona fide': 1, attack: 2, nobody: 3, poison: 4 } as const;
export type Presentation = keyof typeof PRESENTATIONS;

type Batch = { frames: number; scored: boolean; givenUp: boolean };

export type ModelCheck = {
  real: CreatedCheck;
  idempotencyKey: string;
  state: CheckState;
  attempt: number;
  submitted: boolean;
  /** The session that may send frames now, and one that may not any more. */
  session: string | null;
  formerSession: string | null;
  presentation: Presentation | null;
  received: number;
  unbatched: number;
  batches: Batch[];
  passed: boolean | null;
  failureReason: FailureReason | null;
  /** Seconds left of the link, of the processing deadline and of the images' retention. */
  linkLeft: number;
  deadlineLeft: number | null;
  imagesLeft: number | null;
};

const LINK_SECONDS = 10 * 60;
const ATTEMPTS = 3;

export function newModelCheck(real: CreatedCheck, idempotencyKey: string): ModelCheck {
  return {
    real,
    idempotencyKey,
    state: 'pending',
    attempt: 1,
    submitted: false,
    session: null,
    formerSession: null,
    presentation: null,
    received: 0,
    unbatched: 0,
    batches: [],
    passed: null,
    failureReason: null,
    linkLeft: LINK_SECONDS,
    deadlineLeft: null,
    imagesLeft: null,
  };
}

export const isOpen = (check: ModelCheck) => check.state === 'pending' || check.state === 'in_progress';
const isLinkOver = (check: ModelCheck) => isOpen(check) && !check.submitted && check.linkLeft <= 0;
const isWhollyScored = (check: ModelCheck) => check.batches.every(({ scored }) => scored);

/** The code of the refusal, or null when it is accepted. */
export function startRefusal(check: ModelCheck): string | null {
  if (check.state === 'expired' || isLinkOver(check)) return 'check_expired';
  return isOpen(check) && !check.submitted ? null : 'capture_closed';
}

export function start(check: ModelCheck, session: string): void {
  check.state = 'in_progress';
  check.formerSession = check.session;
  check.session = session;
  forgetFrames(check);
}

export function sessionRefusal(check: ModelCheck, session: string | null): string | null {
  if (check.state === 'expired' || isLinkOver(check)) return 'check_expired';
  if (check.state !== 'in_progress' || check.submitted) return 'capture_closed';
  return check.session !== null && session === check.session ? null : 'capture_superseded';
}

export function receiveFrame(check: ModelCheck, seq: number): void {
  if (seq < check.received) return;
  check.received += 1;
  check.unbatched += 1;
  const waiting = check.batches.filter(({ scored }) => !scored).length;
  if (waiting === 0 || check.unbatched >= MAX_FRAMES_PER_BATCH) batchFrames(check);
}

export function finishRefusal(check: ModelCheck, session: string | null): string | null {
  return sessionRefusal(check, session) ?? (check.received < MIN_SCORED_FRAMES ? 'too_few_frames' : null);
}

export function finish(check: ModelCheck): void {
  check.submitted = true;
  check.deadlineLeft = PROCESSING_LIMITS.verdictSeconds;
  batchFrames(check);
}

/** The worker's turn. Poison is tried until it is given up. */
export function score(check: ModelCheck): void {
  if (check.state !== 'in_progress') return;
  for (const batch of check.batches) {
    if (batch.scored) continue;
    if (check.presentation === 'poison') batch.givenUp = true;
    else batch.scored = true;
  }
}

/** A sweep's turn. */
export function sweep(check: ModelCheck, name: SweepName): void {
  if (name === 'expire' && isLinkOver(check)) end(check, 'expired');
  if (name === 'purge' && check.imagesLeft !== null && check.imagesLeft <= 0) check.received = 0;
  if (check.state !== 'in_progress') return;
  const givenUp = check.batches.some((batch) => batch.givenUp);
  const overdue = check.deadlineLeft !== null && check.deadlineLeft <= 0;
  if (name === 'fail' && (givenUp || overdue)) fail(check, givenUp ? 'processing_error' : 'deadline');
  if (name === 'decide' && check.submitted && isWhollyScored(check)) decide(check);
}

function decide(check: ModelCheck): void {
  if (check.presentation === 'nobody') {
    tryAgainOrFail(check);
    return;
  }
  check.passed = check.presentation === 'bona fide';
  check.imagesLeft = IMAGE_RETENTION_MINUTES * 60;
  end(check, 'complete');
}

function tryAgainOrFail(check: ModelCheck): void {
  if (check.attempt >= ATTEMPTS || check.linkLeft <= 0) {
    fail(check, 'attempts_exhausted');
    return;
  }
  check.attempt += 1;
  check.submitted = false;
  check.deadlineLeft = null;
  check.formerSession = check.session;
  check.session = null;
  forgetFrames(check);
}

export function advance(check: ModelCheck, seconds: number): void {
  check.linkLeft -= seconds;
  if (check.deadlineLeft !== null) check.deadlineLeft -= seconds;
  if (check.imagesLeft !== null) check.imagesLeft -= seconds;
}

/** What GET answers: status, and what the body says of state, verdict, failure and images. */
export function answer(check: ModelCheck) {
  const silent = { passed: undefined, failed: undefined, image: false };
  if (check.state === 'expired' || isLinkOver(check)) return { status: 410, says: 'expired', ...silent };
  if (isOpen(check)) return { status: 202, says: check.state, ...silent };
  return {
    status: 200,
    says: check.state,
    passed: check.passed ?? false,
    failed: check.failureReason ?? undefined,
    image: check.imagesLeft !== null && check.imagesLeft > 0,
  };
}

/** Whether the command that ends checks may do so by this event now, whatever the process that asks. */
export function mayBeEndedBy(check: ModelCheck, event: 'verdict' | 'fail' | 'expire'): boolean {
  return event === 'expire' ? isLinkOver(check) : check.state === 'in_progress';
}

function fail(check: ModelCheck, reason: FailureReason): void {
  check.failureReason = reason;
  end(check, 'failed');
}

function end(check: ModelCheck, state: CheckState): void {
  check.state = state;
  check.formerSession = check.session ?? check.formerSession;
  check.session = null;
}

function batchFrames(check: ModelCheck): void {
  while (check.unbatched > 0) {
    const frames = Math.min(check.unbatched, MAX_FRAMES_PER_BATCH);
    check.batches.push({ frames, scored: false, givenUp: false });
    check.unbatched -= frames;
  }
}

function forgetFrames(check: ModelCheck): void {
  check.presentation = null;
  check.received = 0;
  check.unbatched = 0;
  check.batches = [];
}
