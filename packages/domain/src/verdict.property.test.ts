import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CONTRACTS, type ContractName } from './thresholds.ts';
import { decideVerdict, summariseFrames } from './verdict.ts';

const contract = fc.constantFrom(...(Object.keys(CONTRACTS) as ContractName[]));
const score = fc.double({ min: 0, max: 1, noNaN: true });

it('says passed exactly when the printed number satisfies the contract’s own comparison', () => {
  fc.assert(
    fc.property(contract, score, fc.double({ min: 0, max: 1, noNaN: true }), (name, value, share) => {
      const { scale, comparator } = CONTRACTS[name];
      const { passed, confidence, threshold } = decideVerdict(name, { score: value, reasons: [] }, share * scale);
      expect(passed).toBe(comparator === '>' ? confidence > threshold : confidence >= threshold);
      expect(confidence).toBeGreaterThanOrEqual(0);
      expect(confidence).toBeLessThanOrEqual(scale);
    }),
  );
});

it('gives a summary between the least and the greatest score, whatever the order', () => {
  fc.assert(
    fc.property(fc.array(score, { minLength: 3, maxLength: 16 }), (scores) => {
      const frames = scores.map((value) => ({ score: value, reasons: [], boundingBox: null }));
      const summary = summariseFrames(frames).score as number;
      expect(summary).toBeGreaterThanOrEqual(Math.min(...scores));
      expect(summary).toBeLessThanOrEqual(Math.max(...scores));
      expect(summariseFrames([...frames].reverse()).score).toBe(summary);
    }),
  );
});
