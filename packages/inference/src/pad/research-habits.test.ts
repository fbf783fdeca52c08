import { describe, expect, it } from 'vitest';
import { areaUnderCurve, equalErrorRate } from './research-habits.ts';

function outcomesOf(live: (number | null)[], attacks: (number | null)[]) {
  return [...live.map((score) => ({ species: null, score })), ...attacks.map((score) => ({ species: 'print', score }))];
}

describe('equalErrorRate and areaUnderCurve', () => {
  it.each([
    { name: 'separated', live: [0.8, 0.9], attacks: [0.1, 0.2], eer: 0, auc: 1 },
    { name: 'reversed', live: [0.1, 0.2], attacks: [0.8, 0.9], eer: 1, auc: 0 },
    { name: 'the same', live: [0.5, 0.5], attacks: [0.5, 0.5], eer: 0.5, auc: 0.5 },
    // Of four pairs three are in order; at a threshold of 0.7 one of two fails on each side.
    { name: 'one swap', live: [0.3, 0.9], attacks: [0.1, 0.7], eer: 0.5, auc: 0.75 },
    { name: 'unscored ones left out', live: [0.8, null], attacks: [null, 0.2], eer: 0, auc: 1 },
  ])('are $eer and $auc when $name', ({ live, attacks, eer, auc }) => {
    expect(equalErrorRate(outcomesOf(live, attacks))).toBeCloseTo(eer, 10);
    expect(areaUnderCurve(outcomesOf(live, attacks))).toBeCloseTo(auc, 10);
  });

  it('are null when one side has no score', () => {
    expect(equalErrorRate(outcomesOf([null], [0.2]))).toBeNull();
    expect(areaUnderCurve(outcomesOf([0.2], [null]))).toBeNull();
  });
});
