import { describe, expect, it } from 'vitest';
import { CHALLENGE_RULES, drawSteps } from './challenge.ts';

describe('a drawn sequence', () => {
  const drawn = Array.from({ length: 2_000 }, () => drawSteps());

  it('begins with a look at the camera and never asks for the pose that is there already', () => {
    for (const steps of drawn) {
      expect(steps[0]?.prompt).toBe('center');
      for (const [index, { prompt }] of steps.entries()) expect(prompt).not.toBe(steps[index - 1]?.prompt);
    }
  });

  it('varies in length, in order and in time, and no one sequence is frequent', () => {
    const lengths = new Set(drawn.map((steps) => steps.length - 1));
    expect([...lengths].sort()).toEqual(CHALLENGE_RULES.moves);
    const counts = new Map<string, number>();
    for (const steps of drawn) {
      const name = steps.map(({ prompt }) => prompt).join();
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    // Eight of three moves, sixteen of four: the likeliest has one chance in sixteen.
    expect(counts.size).toBe(24);
    expect(Math.max(...counts.values())).toBeLessThan(drawn.length / 10);
    const holds = drawn.flatMap((steps) => steps.map(({ holdMs }) => holdMs));
    const [shortest, longest] = CHALLENGE_RULES.holdMs;
    expect(Math.min(...holds)).toBeGreaterThanOrEqual(shortest);
    expect(Math.max(...holds)).toBeLessThanOrEqual(longest);
    expect(new Set(holds).size).toBeGreaterThan(400);
  });
});
