/**
 * What a test key can ask for: THE table of scenarios. A check of the sandbox reaches no model; it plays its scenario, so
 * that every documented status, code and event of every contract can be met without a camera.
 */
import { CodedError, type ErrorCode } from './errors.ts';
import type { FailureReason } from './failure.ts';
import { REASON_CODES, REASONS, type ReasonCode } from './reasons.ts';
import type { ContractName } from './thresholds.ts';
import { CONTRACTS } from './thresholds.ts';
import { type BoundingBox, type DetectedFace, decideVerdict, type Verdict } from './verdict.ts';

/** A score from 0 to 1, or the threshold of the request itself. */
type Score = number | 'threshold';

/** What becomes of a hosted check. It starts and ends by itself, each step after `SCENARIO_STEP_SECONDS`. */
export type HostedEffect =
  /** `reason`: an attack that the score does not show. */
  | { effect: 'verdict'; score: Score; afterSeconds?: number; reason?: ReasonCode }
  | { effect: 'fail'; failureReason: FailureReason; reasons: ReasonCode[] }
  | { effect: 'expire' }
  /** It goes no further than this by itself; its link still expires. */
  | { effect: 'stay'; state: 'pending' | 'in_progress' }
  | { effect: 'refuse'; code: ErrorCode };

/** What an instant check is answered. */
export type InstantEffect =
  | { effect: 'verdict'; score: Score; afterSeconds?: number }
  | { effect: 'not_evaluated'; reason: ReasonCode }
  | { effect: 'refuse'; code: ErrorCode };

export type Scenario = { meaning: string; hosted: HostedEffect; instant: InstantEffect };

/** Between creation and start, and between start and end, of a hosted check that plays a scenario. */
export const SCENARIO_STEP_SECONDS = 1;

const LIVE_SCORE = 0.9998;
const ATTACK_SCORE = 0.0102;

const verdict = (meaning: string, score: Score): Scenario => ({
  meaning,
  hosted: { effect: 'verdict', score },
  instant: { effect: 'verdict', score },
});

/** A request that is answered with an error, on every address. */
const refusal = (meaning: string, code: ErrorCode): Scenario => ({
  meaning,
  hosted: { effect: 'refuse', code },
  instant: { effect: 'refuse', code },
});

const NAMED = {
  live: verdict('A live person: the score is high.', LIVE_SCORE),
  attack: verdict('A presentation attack: the score is low.', ATTACK_SCORE),
  at_threshold: verdict("The score equals the request's threshold: the contract's comparator decides.", 'threshold'),
  slow: {
    meaning: 'A live person, whose verdict takes its time.',
    hosted: { effect: 'verdict', score: LIVE_SCORE, afterSeconds: 20 },
    instant: { effect: 'verdict', score: LIVE_SCORE, afterSeconds: 5 },
  },
  pending: {
    meaning: 'Nobody opens the link, until it expires.',
    hosted: { effect: 'stay', state: 'pending' },
    instant: { effect: 'refuse', code: 'deadline' },
  },
  in_progress: {
    meaning: 'A person starts and does not finish, until the link expires.',
    hosted: { effect: 'stay', state: 'in_progress' },
    instant: { effect: 'refuse', code: 'deadline' },
  },
  expired: {
    meaning: 'The link expires after a second.',
    hosted: { effect: 'expire' },
    instant: { effect: 'refuse', code: 'deadline' },
  },
  failed: {
    meaning: 'No verdict is reached before the deadline.',
    hosted: { effect: 'fail', failureReason: 'deadline', reasons: [] },
    instant: { effect: 'refuse', code: 'internal' },
  },
  limited: refusal('More requests than the key may make.', 'rate_limited'),
  quota_used: refusal('The quota of the month is used up.', 'quota_exceeded'),
  too_many_open: refusal('As many checks are open as the client may have.', 'too_many_open_checks'),
  overloaded: refusal('More work is waiting than can be done in time.', 'overloaded'),
  timeout: refusal('No answer is reached in time.', 'deadline'),
  unavailable: refusal('A part of the system is away.', 'unavailable'),
  error: refusal('An unexpected failure.', 'internal'),
  wrong_key: refusal('The API key is not known.', 'unauthenticated'),
  revoked_key: refusal('The API key is known, but expired or revoked.', 'key_not_usable'),
  unreadable_image: {
    meaning: 'The image cannot be read.',
    hosted: { effect: 'fail', failureReason: 'attempts_exhausted', reasons: ['UNREADABLE_IMAGE'] },
    instant: { effect: 'refuse', code: 'unreadable_image' },
  },
  unreachable_image: {
    meaning: 'The image at the given URL cannot be fetched; hosted checks fetch none and reach a live verdict.',
    hosted: { effect: 'verdict', score: LIVE_SCORE },
    instant: { effect: 'refuse', code: 'unreachable_image' },
  },
  processing_error: {
    meaning: 'Scoring fails for a technical reason.',
    hosted: { effect: 'fail', failureReason: 'processing_error', reasons: ['PROCESSING_ERROR'] },
    instant: { effect: 'refuse', code: 'internal' },
  },
} as const satisfies Record<string, Scenario>;

/** Each reason for which a frame is not evaluated is a scenario of its own, named like it: `no_face`, `too_dark`, ... */
const BY_REASON = Object.fromEntries(
  REASON_CODES.filter((reason) => REASONS[reason].evidence === 'quality' && reason !== 'UNREADABLE_IMAGE').map(
    (reason): [string, Scenario] => [
      reason.toLowerCase(),
      {
        meaning: `Not evaluated: ${REASONS[reason].meaning}`,
        hosted: { effect: 'fail', failureReason: 'attempts_exhausted', reasons: [reason] },
        instant: { effect: 'not_evaluated', reason },
      },
    ],
  ),
);

/** So is each way not to do what a challenge asks: `challenge_too_late`, ... One image is asked for nothing. */
const BY_CHALLENGE = Object.fromEntries(
  REASON_CODES.filter((reason) => REASONS[reason].evidence === 'challenge').map((reason): [string, Scenario] => [
    reason.toLowerCase(),
    {
      meaning: `Not what was asked: ${REASONS[reason].meaning} An image has no challenge and reaches a live verdict.`,
      hosted: { effect: 'fail', failureReason: 'attempts_exhausted', reasons: [reason] },
      instant: { effect: 'verdict', score: LIVE_SCORE },
    },
  ]),
);

/** And each attack that a capture shows and one image cannot: `flat_motion`, ... */
const BY_ATTACK = Object.fromEntries(
  REASON_CODES.filter((reason) => REASONS[reason].evidence === 'attack' && reason !== 'PRESENTATION_ATTACK').map(
    (reason): [string, Scenario] => [
      reason.toLowerCase(),
      {
        meaning: `An attack: ${REASONS[reason].meaning} One image reaches the verdict of attack.`,
        hosted: { effect: 'verdict', score: 0, reason },
        instant: { effect: 'verdict', score: ATTACK_SCORE },
      },
    ],
  ),
);

export const SCENARIOS: Readonly<Record<string, Scenario>> = { ...NAMED, ...BY_REASON, ...BY_CHALLENGE, ...BY_ATTACK };

/** What a check without a chosen scenario plays, where it cannot wait for one to be chosen. */
export const DEFAULT_SCENARIO = 'live' satisfies keyof typeof NAMED;

/** An error that was asked for: nothing is wrong. */
export class SandboxError extends CodedError {
  constructor(code: ErrorCode) {
    super(code, 'The sandbox was asked for this error.');
  }
}

/** The scenario of this name, or null. */
export function findScenario(name: string): Scenario | null {
  return Object.hasOwn(SCENARIOS, name) ? (SCENARIOS[name] as Scenario) : null;
}

const FACE: BoundingBox = { left: 0.35, top: 0.2, width: 0.3, height: 0.5 };
const SECOND_FACE: BoundingBox = { left: 0.05, top: 0.25, width: 0.28, height: 0.45 };

/** Pixels of the picture that the sandbox pretends to have seen, and of the one that it keeps. */
export const SANDBOX_IMAGE = { width: 320, height: 240, face: FACE } as const;

/** The faces that would have been found for this reason; none only when that is what it says. */
export function sandboxFaces(reason: ReasonCode | null): DetectedFace[] {
  if (reason === 'NO_FACE') return [];
  const boxes = reason === 'MULTIPLE_FACES' ? [FACE, SECOND_FACE] : [FACE];
  return boxes.map((boundingBox) => ({ boundingBox, confidence: 0.9885 }));
}

/** The verdict of a scenario under a contract's own rounding and comparison, and the score from 0 to 1 behind it. */
export function playVerdict(
  contract: ContractName,
  { score: wanted, threshold, reason }: { score: Score; threshold: number; reason?: ReasonCode | undefined },
): { verdict: Verdict; score: number } {
  if (reason) return { verdict: { passed: false, confidence: 0, threshold, reasons: [reason] }, score: 0 };
  const score = wanted === 'threshold' ? threshold / CONTRACTS[contract].scale : wanted;
  return { verdict: decideVerdict(contract, { score, reasons: [] }, threshold), score };
}
