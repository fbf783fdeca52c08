import { expect, it } from 'vitest';
import { summariseChallenge } from './summarise-challenge.ts';

const frame = (step: number, score: number | null) => ({
  step,
  score,
  reasons: score === null ? (['TURNED_AWAY'] as const) : [],
  boundingBox: null,
});

it('is the lower of the medians before and during the moves', () => {
  const frames = [0.9, 0.8, 0.95].map((score) => frame(0, score));
  const moved = [0.1, 0.2, 0.15].map((score) => frame(1, score));
  expect(summariseChallenge([...frames, ...moved])).toEqual({ score: 0.15, reasons: [] });
  expect(
    summariseChallenge([
      ...moved.map((other) => ({ ...other, step: 0 })),
      ...frames.map((other) => ({ ...other, step: 2 })),
    ]),
  ).toEqual({ score: 0.15, reasons: [] });
});

it('reaches no score without frames of either kind', () => {
  const still = [0.9, 0.9, 0.9].map((score) => frame(0, score));
  expect(summariseChallenge([...still, frame(1, null), frame(1, 0.9)])).toEqual({
    score: null,
    reasons: ['TURNED_AWAY'],
  });
  expect(summariseChallenge(still.map((other) => ({ ...other, step: 1 })))).toEqual({
    score: null,
    reasons: ['TOO_FEW_FRAMES'],
  });
});
