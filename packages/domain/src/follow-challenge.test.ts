import { describe, expect, it } from 'vitest';
import type { HeadObservation, Prompt } from './challenge.ts';
import { type ChallengeFrame, type ChallengeStep, followChallenge, judgeChallenge } from './follow-challenge.ts';
import type { ReasonCode } from './reasons.ts';

const TURNS = { left: 0.9, center: 0.1, right: -0.8 } as const;
const box = { left: 0.35, top: 0.3, width: 0.3, height: 0.4 };

/** A head as it stands in a pose; what a plane cannot explain grows with the turn. */
function aHead(turn: number, overrides: Partial<HeadObservation> = {}): HeadObservation {
  return { turn, aspect: 0.95, solidity: Math.abs(turn - TURNS.center) * 0.35, ...overrides };
}

/** Steps a second and a half apart; the first `revealed` of them are revealed. */
function stepsOf(prompts: readonly Prompt[], revealed = prompts.length): ChallengeStep[] {
  return prompts.map((prompt, index) => ({
    prompt,
    holdMs: 300,
    revealedMs: index < revealed ? index * 1_500 : null,
    deadlineMs: index < revealed ? index * 1_500 + 10_000 : null,
  }));
}

/** Frames 200 ms apart: for each step its own list of heads. */
function framesOf(heads: readonly (readonly (HeadObservation | null)[])[]): ChallengeFrame[] {
  let seq = 0;
  return heads.flatMap((ofStep, step) =>
    ofStep.map((head) => ({
      seq: seq++,
      step,
      receivedMs: seq * 200,
      head,
      boundingBox: head && box,
      reasons: head ? [] : ['NO_FACE' as const],
    })),
  );
}

const pose = (prompt: Prompt, count = 3) => Array.from({ length: count }, () => aHead(TURNS[prompt]));
const PROMPTS = ['center', 'left', 'center', 'right'] as const;
const good = () => framesOf(PROMPTS.map((prompt) => pose(prompt)));
const judge = (frames: ChallengeFrame[], prompts: readonly Prompt[] = PROMPTS) =>
  judgeChallenge({ steps: stepsOf(prompts), frames, submittedMs: 9_000 });

describe('following a challenge', () => {
  it('moves on when a pose is reached and held, and is done after the last one', () => {
    const steps = stepsOf(PROMPTS);
    const at = (...heads: HeadObservation[][]) => followChallenge({ steps, frames: framesOf(heads) });
    expect(at([])).toEqual({ step: 0, pose: 'awaited', fault: null });
    expect(at(pose('center', 2))).toEqual({ step: 0, pose: 'held', fault: null });
    expect(at(pose('center'))).toEqual({ step: 1, pose: 'awaited', fault: null });
    expect(at(pose('center'), pose('left'), pose('center'), pose('right'))).toMatchObject({ step: 3, pose: 'done' });
    expect(judge(good())).toEqual([]);
  });

  it('counts neither one frame of a pose, nor a pose that was left before its time', () => {
    const steps = stepsOf(PROMPTS);
    const passing = [aHead(0.9), aHead(0.1), aHead(0.9), aHead(0.1), aHead(0.9), aHead(0.1)];
    expect(followChallenge({ steps, frames: framesOf([pose('center'), passing]) })).toMatchObject({
      step: 1,
      pose: 'awaited',
    });
  });

  it('lets a head swing through the middle, but not to the other side', () => {
    const prompts = ['center', 'left', 'right'] as const;
    const swing = [aHead(0.9), aHead(0.1), aHead(0.1), ...pose('right')];
    expect(judge(framesOf([pose('center'), pose('left'), swing]), prompts)).toEqual([]);
    expect(judge(framesOf([pose('center'), [...pose('right', 2), ...pose('left')], swing]), prompts)).toEqual([
      'CHALLENGE_NOT_FOLLOWED',
    ]);
  });

  it('measures against the person’s own neutral pose', () => {
    const askew = good().map((frame) => ({ ...frame, head: frame.head && aHead(frame.head.turn + 0.35) }));
    const solid = askew.map((frame) => ({ ...frame, head: frame.head && { ...frame.head, solidity: 0.3 } }));
    expect(judge(solid)).toEqual([]);
  });
});

describe('judging a challenge', () => {
  it('refuses what does not do all that was asked', () => {
    expect(judge(good().slice(0, 6))).toEqual(['CHALLENGE_NOT_FOLLOWED']);
    const late = { steps: stepsOf(PROMPTS, 2), frames: good().slice(0, 4), submittedMs: 11_500 };
    expect(judgeChallenge(late)).toEqual(['CHALLENGE_TOO_LATE']);
    expect(judge([])).toEqual(['CHALLENGE_NOT_FOLLOWED']);
  });

  it('refuses the frames of a good session for every other sequence', () => {
    const others = [
      ['center', 'right', 'center', 'left'],
      ['center', 'left', 'right', 'center'],
      ['center', 'right', 'left', 'center'],
      ['center', 'left', 'center', 'left'],
    ] as const;
    for (const prompts of others) expect(judge(good(), prompts)).toEqual(['CHALLENGE_NOT_FOLLOWED']);
  });

  it('sees a flat thing: it grows narrow, or its turn is one of a plane', () => {
    const tilted = Array.from({ length: 4 }, () => aHead(0.2, { aspect: 0.7, solidity: 0.05 }));
    expect(judge(framesOf([pose('center'), tilted]))).toEqual(['FLAT_MOTION']);
    const plane = good().map((frame) => ({ ...frame, head: frame.head && { ...frame.head, solidity: 0.06 } }));
    expect(judge(plane)).toEqual(['FLAT_MOTION']);
  });

  it.each([
    ['jumps', { ...box, left: 0.05 }],
    ['changes its size', { ...box, width: 0.15, height: 0.2, left: 0.42, top: 0.4 }],
  ])('sees a face that %s between two frames', (_name, moved) => {
    const frames = good().map((frame) => (frame.seq >= 5 ? { ...frame, boundingBox: moved } : frame));
    expect(judge(frames)).toEqual(['FACE_CHANGED']);
  });

  it('sees a gap in which another could have taken the place', () => {
    const frames = good().map((frame) => ({
      ...frame,
      receivedMs: frame.receivedMs + (frame.seq >= 4 ? 5_000 : 0),
    }));
    expect(judge(frames)).toEqual(['FACE_CHANGED']);
  });

  it('sees a second face, and passes over one that walks by', () => {
    const company = (from: number, to: number) =>
      good().map((frame) =>
        frame.seq >= from && frame.seq < to
          ? { ...frame, head: null, boundingBox: null, reasons: ['MULTIPLE_FACES' as const] }
          : frame,
      );
    expect(judge(company(0, 12))).toEqual(['MULTIPLE_FACES']);
    expect(judge(framesOf(PROMPTS.map((prompt) => [...pose(prompt), null, ...pose(prompt)])))).toEqual([]);
  });

  it('says why a head was not seen, where that is the reason', () => {
    const dark = framesOf([[null, null, null, null]]).map((frame) => ({ ...frame, reasons: ['TOO_DARK' as const] }));
    expect(judge(dark)).toEqual(['TOO_DARK']);
    expect(judge(framesOf([[null, null, null]]))).toEqual(['NO_FACE']);
  });

  it('says that it was dark where a head was found but not seen well, and not so of a head that is turned', () => {
    const seen = (reason: ReasonCode) =>
      framesOf([[aHead(0.9), aHead(0.9), aHead(0.9)]]).map((frame) => ({ ...frame, reasons: [reason] }));
    expect(judge(seen('TOO_DARK'))).toEqual(['TOO_DARK']);
    expect(judge(seen('TURNED_AWAY'))).toEqual(['CHALLENGE_NOT_FOLLOWED']);
    expect(judge(seen('PRESENTATION_ATTACK'))).toEqual(['CHALLENGE_NOT_FOLLOWED']);
  });
});
