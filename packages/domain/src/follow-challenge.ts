/**
 * From what was seen in the frames to how far a challenge has come, and to what is wrong with it. Pure, and a fold over
 * the frames in their order: worker and lifecycle ask the same question and get the same answer.
 */
import { CHALLENGE_RULES, type HeadObservation, type Prompt } from './challenge.ts';
import { REASONS, type ReasonCode } from './reasons.ts';
import type { BoundingBox } from './verdict.ts';

/** A step as it was drawn; times in milliseconds on one clock, null before it is revealed. */
export type ChallengeStep = {
  prompt: Prompt;
  holdMs: number;
  revealedMs: number | null;
  deadlineMs: number | null;
};

/** One scored frame of the attempt, with the step whose nonce it carried. */
export type ChallengeFrame = {
  seq: number;
  step: number;
  receivedMs: number;
  head: HeadObservation | null;
  boundingBox: BoundingBox | null;
  reasons: readonly ReasonCode[];
};

/** `pose`: `awaited`, `held` (reached, and to be kept a moment longer) or `done`. */
export type Progress = { step: number; pose: 'awaited' | 'held' | 'done'; fault: ReasonCode | null };

type Attempt = { steps: readonly ChallengeStep[]; frames: readonly ChallengeFrame[] };

/** Where the person is: the first step that is not done, or the last one. */
export function followChallenge({ steps, frames }: Attempt): Progress {
  const neutral = neutralPose(frames);
  for (const [index, step] of steps.entries()) {
    const own = frames.filter((frame) => frame.step === index);
    const judge = judgePose({ steps, index, neutral });
    const pose = followStep(own, step, judge);
    if (pose !== 'done') return { step: index, pose: pose === 'wrong' ? 'awaited' : pose, fault: faultOf(pose) };
  }
  return { step: steps.length - 1, pose: 'done', fault: null };
}

function faultOf(pose: 'wrong' | 'awaited' | 'held'): ReasonCode | null {
  return pose === 'wrong' ? 'CHALLENGE_NOT_FOLLOWED' : null;
}

/** The frame against which motion is measured: the first that shows the neutral pose. */
export function referenceFrame(frames: readonly ChallengeFrame[]): ChallengeFrame | null {
  return frames.find((frame) => frame.step === 0 && isNeutral(frame.head)) ?? null;
}

/** Why the challenge was not met, or an empty list. `submittedMs` is when the person's side said it was finished. */
export function judgeChallenge(attempt: Attempt & { submittedMs: number }): ReasonCode[] {
  const { steps, frames, submittedMs } = attempt;
  const progress = followChallenge(attempt);
  if (isFlat(steps, frames)) return ['FLAT_MOTION'];
  const broken = brokenTrack(frames);
  if (broken) return [broken];
  if (progress.fault) return [progress.fault];
  if (progress.pose === 'done') return [];
  const unseen = whyUnseen(frames.filter((frame) => frame.step === progress.step));
  if (unseen.length > 0) return unseen;
  const deadline = steps[progress.step]?.deadlineMs ?? Number.POSITIVE_INFINITY;
  return [submittedMs >= deadline ? 'CHALLENGE_TOO_LATE' : 'CHALLENGE_NOT_FOLLOWED'];
}

type Judgement = 'reached' | 'wrong' | 'neither';

/** Two frames in a row make a pose: one alone may be a slip of the landmarks. */
const FRAMES_OF_A_POSE = 2;

function followStep(
  frames: readonly ChallengeFrame[],
  step: ChallengeStep,
  judge: (head: HeadObservation) => Judgement,
): 'awaited' | 'held' | 'done' | 'wrong' {
  let reachedMs: number | null = null;
  let reached = 0;
  let wrong = 0;
  for (const frame of frames) {
    // Frames in which no head was seen say nothing; when there are too many, the deadline does.
    if (!frame.head) continue;
    const judgement = judge(frame.head);
    wrong = judgement === 'wrong' ? wrong + 1 : 0;
    if (wrong >= FRAMES_OF_A_POSE) return 'wrong';
    reached = judgement === 'reached' ? reached + 1 : 0;
    if (reached === 0) reachedMs = null;
    else reachedMs ??= frame.receivedMs;
    const isHeld = reachedMs !== null && frame.receivedMs - reachedMs >= step.holdMs;
    if (reached >= FRAMES_OF_A_POSE && isHeld) return 'done';
  }
  return reached >= FRAMES_OF_A_POSE ? 'held' : 'awaited';
}

function judgePose(work: { steps: readonly ChallengeStep[]; index: number; neutral: number }) {
  const { steps, index, neutral } = work;
  const prompt = (steps[index] as ChallengeStep).prompt;
  if (index === 0) return (head: HeadObservation): Judgement => (isNeutral(head) ? 'reached' : 'neither');
  const cameFrom = steps[index - 1]?.prompt;
  return ({ turn }: HeadObservation): Judgement => {
    const pose = poseOf(turn - neutral);
    if (pose === prompt) return 'reached';
    if (prompt === 'center') return pose !== null && pose !== cameFrom ? 'wrong' : 'neither';
    // A head on its way to the left may look ahead, but not to the right; coming from the right it starts there.
    return pose !== null && pose !== 'center' && pose !== cameFrom ? 'wrong' : 'neither';
  };
}

function poseOf(difference: number): Prompt | null {
  if (difference >= CHALLENGE_RULES.turned) return 'left';
  if (difference <= -CHALLENGE_RULES.turned) return 'right';
  return Math.abs(difference) <= CHALLENGE_RULES.centred ? 'center' : null;
}

function isNeutral(head: HeadObservation | null): boolean {
  return head !== null && Math.abs(head.turn) <= CHALLENGE_RULES.neutralTurn;
}

function neutralHeads(frames: readonly ChallengeFrame[]): HeadObservation[] {
  return frames.flatMap(({ step, head }) => (step === 0 && head && isNeutral(head) ? [head] : []));
}

function neutralPose(frames: readonly ChallengeFrame[]): number {
  return middle(neutralHeads(frames).map(({ turn }) => turn)) ?? 0;
}

/**
 * A photo that is tilted or bent before the camera grows narrower, or its points stay those of a plane although its nose
 * seems to have moved. Asked of the best frame of every pose: a head that turned has one that no plane explains.
 */
function isFlat(steps: readonly ChallengeStep[], frames: readonly ChallengeFrame[]): boolean {
  const neutral = neutralPose(frames);
  const aspect = middle(neutralHeads(frames).map((head) => head.aspect));
  const moved = frames.filter((frame) => frame.step > 0 && frame.head?.solidity != null);
  const isNarrow = ({ head }: ChallengeFrame) =>
    aspect !== null && head !== null && head.aspect < aspect * CHALLENGE_RULES.leastAspect;
  const isPlane = ({ head }: ChallengeFrame) => (head?.solidity ?? 0) < CHALLENGE_RULES.leastSolidity;
  const tilted = moved.filter((frame) => isNarrow(frame) && !isSolidTurn(frame, neutral));
  if (tilted.length >= FRAMES_OF_A_TILT) return true;
  return steps.some((step, index) => {
    if (step.prompt === 'center') return false;
    const turned = moved.filter(
      ({ step: of, head }) => of === index && poseOf((head?.turn ?? 0) - neutral) === step.prompt,
    );
    return turned.length >= FRAMES_OF_A_POSE && turned.every((frame) => isPlane(frame) || isNarrow(frame));
  });
}

// A mouth that opens wide makes a face narrower for a moment, too.
const FRAMES_OF_A_TILT = 3;

function isSolidTurn({ head }: ChallengeFrame, neutral: number): boolean {
  return (
    head !== null &&
    (head.solidity ?? 0) >= 2 * CHALLENGE_RULES.leastSolidity &&
    Math.abs(head.turn - neutral) >= CHALLENGE_RULES.turned
  );
}

/** One face, seen all the time, moving as a face can; else another may have taken its place. */
function brokenTrack(frames: readonly ChallengeFrame[]): ReasonCode | null {
  const rivals = frames.filter(({ reasons }) => reasons.includes('MULTIPLE_FACES')).length;
  if (rivals > frames.length * MAY_SHOW_OTHERS) return 'MULTIPLE_FACES';
  const seen = frames.filter((frame) => frame.boundingBox !== null);
  const isBroken = seen.some((frame, index) => {
    const before = seen[index - 1];
    return before !== undefined && isBreak(before, frame);
  });
  return isBroken ? 'FACE_CHANGED' : null;
}

// Someone walks by in the background.
const MAY_SHOW_OTHERS = 0.2;

function isBreak(before: ChallengeFrame, after: ChallengeFrame): boolean {
  if (after.receivedMs - before.receivedMs > CHALLENGE_RULES.gapMs) return true;
  const [a, b] = [before.boundingBox as BoundingBox, after.boundingBox as BoundingBox];
  const width = Math.max(a.width, b.width);
  const height = Math.max(a.height, b.height);
  const across = Math.abs(a.left + a.width / 2 - b.left - b.width / 2) / width;
  const down = Math.abs(a.top + a.height / 2 - b.top - b.height / 2) / height;
  const growth = Math.sqrt((a.width * a.height) / (b.width * b.height));
  return Math.max(across, down) > CHALLENGE_RULES.jump || Math.max(growth, 1 / growth) > CHALLENGE_RULES.resize;
}

/**
 * When most frames of the step that was not reached show no head, or one that is not seen well enough to be followed: why.
 * It helps more than "too late" does.
 */
function whyUnseen(frames: readonly ChallengeFrame[]): ReasonCode[] {
  const unseen = frames.filter((frame) => frame.head === null || frame.reasons.some(hidesPose));
  if (unseen.length === 0 || unseen.length < frames.length / 2) return [];
  const counts = new Map<ReasonCode, number>();
  for (const reason of unseen.flatMap((frame) => frame.reasons)) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).map(([reason]) => reason);
}

// A head that is turned away may be doing what it was asked to do.
function hidesPose(reason: ReasonCode): boolean {
  return REASONS[reason].evidence === 'quality' && reason !== 'TURNED_AWAY';
}

function middle(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
