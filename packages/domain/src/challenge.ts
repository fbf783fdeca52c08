/**
 * The challenge: a sequence of head poses that the server draws and reveals one at a time. Directions are the person's
 * own (their left); the page shows a mirror, in which the person's left is on the left.
 */

/** What the end user is asked to do while frames are taken. */
export const CHALLENGES = ['none', 'turn'] as const;
export type Challenge = (typeof CHALLENGES)[number];

export const PROMPTS = ['left', 'right', 'center'] as const;
export type Prompt = (typeof PROMPTS)[number];

/** One step as it is drawn: the pose, and for how long it is held before the next one is revealed. */
export type PlannedStep = { prompt: Prompt; holdMs: number };

/** How a head stands in one frame; numbers from which no face can be told. */
export type HeadObservation = {
  /**
   * Where the nose lies between the ears: 0 in the middle, 1 at one of them; positive when turned to the person's left,
   * which is the right of a frame that is not mirrored.
   */
  turn: number;
  /** Width by height of the face's outline: a photo that is tilted grows narrow, a head that turns hardly does. */
  aspect: number;
  /** What a plane cannot explain of the way from the reference frame to this one (homography residual); null without. */
  solidity: number | null;
};

/** The rules of the challenge. Milliseconds; head measures as in HeadObservation, with their measurements in the README. */
export const CHALLENGE_RULES = {
  /** Moves after the first look at the camera: three or four. */
  moves: [3, 4],
  /** A pose is held for a drawn time, so that a recording does not fit by its timing either. */
  holdMs: [300, 900],
  /** From reveal to the end of the hold. A slow turn takes two seconds; the rest is for reading and for slow lines. */
  stepSeconds: 10,
  /** Frames of one attempt at most: at five a second, twice as many as all steps take. */
  maxFrames: 120,
  /** Frames of the step before are still on their way for this long after a reveal. */
  graceMs: 3_000,
  /** The first pose: nobody looks into the camera exactly straight, so all that follows is measured against it. */
  neutralTurn: 0.6,
  /** Difference to the neutral pose from which a head is turned: about 13 degrees. Flat photos reach 0.23 at 50 degrees of tilt. */
  turned: 0.35,
  /** Difference to the neutral pose up to which a head looks ahead again. */
  centred: 0.27,
  /** Least solidity of a turned head. Heads had 0.27 to 0.6, flat photos tilted by up to 50 degrees 0.01 to 0.09. */
  leastSolidity: 0.11,
  /**
   * A face that grew narrower than this share of its neutral aspect was tilted: flat photos have 0.79 to 0.85 at 45 degrees
   * and less beyond, heads kept 0.93 up to half profile.
   */
  leastAspect: 0.84,
  /** Between two frames a face moves by less than this share of its own width, and changes its size by less than this factor. */
  jump: 0.8,
  resize: 1.7,
  /** A longer gap between frames leaves time to change places. */
  gapMs: 4_000,
} as const;

/** Letters and digits of a nonce: 131 bits. */
export const NONCE_LENGTH = 22;

const OTHERS: Record<Prompt, readonly [Prompt, Prompt]> = {
  center: ['left', 'right'],
  left: ['center', 'right'],
  right: ['center', 'left'],
};

/** Draws a sequence from the platform's CSPRNG: a look at the camera, then moves, each to a pose other than the last. */
export function drawSteps(randomBelow: (limit: number) => number = secureRandomBelow): PlannedStep[] {
  const [fewest, most] = CHALLENGE_RULES.moves;
  const [shortest, longest] = CHALLENGE_RULES.holdMs;
  const holdMs = () => shortest + randomBelow(longest - shortest + 1);
  const steps: PlannedStep[] = [{ prompt: 'center', holdMs: holdMs() }];
  for (let moves = fewest + randomBelow(most - fewest + 1); moves > 0; moves -= 1) {
    const { prompt } = steps.at(-1) as PlannedStep;
    steps.push({ prompt: OTHERS[prompt][randomBelow(2)] as Prompt, holdMs: holdMs() });
  }
  return steps;
}

/** Uniform in [0, limit), without modulo bias. */
function secureRandomBelow(limit: number): number {
  const accepted = 2 ** 32 - (2 ** 32 % limit);
  for (;;) {
    const [value = 0] = globalThis.crypto.getRandomValues(new Uint32Array(1));
    if (value < accepted) return value % limit;
  }
}
