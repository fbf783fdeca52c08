import { describe, expect, it } from 'vitest';
import { measureTurn } from './measure-turn.ts';

/** Only the columns that matter, in fractions of the box. */
function pointsAt(face: { ears: [number, number]; eyes: [number, number]; nose: number }): Float32Array {
  const columns = new Float32Array(68);
  columns[0] = face.ears[0];
  columns[16] = face.ears[1];
  columns[30] = face.nose;
  columns.fill(face.eyes[0], 36, 42);
  columns.fill(face.eyes[1], 42, 48);
  return Float32Array.from({ length: 136 }, (_, index) => (index % 2 === 0 ? (columns[index / 2] as number) : 0.5));
}

describe('measureTurn', () => {
  it.each([
    { name: 'frontal', ears: [0.1, 0.9], eyes: [0.3, 0.7], nose: 0.5, turn: 0 },
    { name: 'half-way to the right', ears: [0.1, 0.9], eyes: [0.3, 0.7], nose: 0.7, turn: 0.5 },
    { name: 'to the left, the eyes saying more', ears: [0.1, 0.9], eyes: [0.3, 0.7], nose: 0.3, turn: -0.5 },
    { name: 'contradictory points', ears: [0.1, 0.9], eyes: [0.5, 0.9], nose: 0.6, turn: 0 },
    { name: 'points on one spot', ears: [0.5, 0.5], eyes: [0.5, 0.5], nose: 0.5, turn: 0 },
  ] as const)('is $turn for $name', ({ ears, eyes, nose, turn }) => {
    expect(measureTurn({ points: pointsAt({ ears: [...ears], eyes: [...eyes], nose }) })).toBeCloseTo(turn, 5);
  });
});
