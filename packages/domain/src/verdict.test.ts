import { describe, expect, it } from 'vitest';
import type { ReasonCode } from './reasons.ts';
import { CONTRACTS, type ContractName } from './thresholds.ts';
import { decideVerdict, type FrameScore, summariseFrames } from './verdict.ts';

const scored = (score: number): FrameScore => ({ score, reasons: [], boundingBox: null });
const unscored = (...reasons: ReasonCode[]): FrameScore => ({ score: null, reasons, boundingBox: null });

describe('summariseFrames', () => {
  it('takes the median, so that one odd frame decides nothing', () => {
    expect(summariseFrames([0.9, 0.01, 0.8].map(scored)).score).toBe(0.8);
    expect(summariseFrames([0.1, 0.2, 0.4, 0.9].map(scored)).score).toBeCloseTo(0.3);
  });

  it('has no score when too few frames were scored, and says why, the most frequent reason first', () => {
    const frames = [scored(0.9), unscored('BLURRED'), unscored('NO_FACE'), unscored('NO_FACE')];
    expect(summariseFrames(frames)).toEqual({ score: null, reasons: ['NO_FACE', 'BLURRED'] });
    expect(summariseFrames([scored(0.9)])).toEqual({ score: null, reasons: ['TOO_FEW_FRAMES'] });
    expect(summariseFrames([])).toEqual({ score: null, reasons: ['TOO_FEW_FRAMES'] });
  });

  it('gives no reason beside a score, and no reason of a frame that has one', () => {
    const doubtful: FrameScore = { score: 0.9, reasons: ['BLURRED'], boundingBox: null };
    expect(summariseFrames([doubtful, doubtful, doubtful])).toEqual({ score: 0.9, reasons: [] });
    expect(summariseFrames([doubtful, doubtful, unscored('NO_FACE')])).toEqual({ score: null, reasons: ['NO_FACE'] });
  });

  it('lets an instant check stand on its one frame', () => {
    expect(summariseFrames([scored(0.9)], 1).score).toBe(0.9);
    expect(summariseFrames([], 0).score).toBeNull();
  });
});

describe('decideVerdict', () => {
  const equality: Record<
    ContractName,
    { below: number; equal: number; above: number; threshold: number; passesAtEquality: boolean }
  > = {
    globaldata: { below: 0.6999, equal: 0.7, above: 0.7001, threshold: 70, passesAtEquality: false },
    verifik: { below: 0.5999, equal: 0.6, above: 0.6001, threshold: 0.6, passesAtEquality: false },
    kairos: { below: 0.5999, equal: 0.6, above: 0.6001, threshold: 0.6, passesAtEquality: true },
    smartcomply: { below: 0.5999, equal: 0.6, above: 0.6001, threshold: 0.6, passesAtEquality: true },
  };

  it.each(Object.entries(equality))('%s compares as its document says, on each side of equality', (name, row) => {
    const passed = (score: number) => decideVerdict(name as ContractName, { score, reasons: [] }, row.threshold).passed;
    expect([passed(row.below), passed(row.equal), passed(row.above)]).toEqual([false, row.passesAtEquality, true]);
  });

  it('compares the number it prints: what rounds to the threshold equals it', () => {
    const verdict = decideVerdict('globaldata', { score: 0.700049, reasons: [] }, 70);
    expect(verdict).toEqual({ passed: false, confidence: 70, threshold: 70, reasons: ['PRESENTATION_ATTACK'] });
    expect(decideVerdict('kairos', { score: 0.59996, reasons: [] }, 0.6).passed).toBe(true);
    expect(decideVerdict('smartcomply', { score: 0.59999999, reasons: [] }, 0.6).passed).toBe(false);
  });

  it.each(Object.keys(CONTRACTS) as ContractName[])(
    '%s never passes without a score, whatever the threshold',
    (contract) => {
      for (const score of [null, Number.NaN]) {
        for (const threshold of [0, -1, Number.NEGATIVE_INFINITY]) {
          expect(decideVerdict(contract, { score, reasons: ['NO_FACE'] }, threshold)).toMatchObject({
            passed: false,
            confidence: 0,
          });
        }
      }
    },
  );

  it('keeps the reasons of what was not evaluated apart from an attack', () => {
    expect(decideVerdict('verifik', { score: null, reasons: ['NO_FACE'] }, 0.6).reasons).toEqual(['NO_FACE']);
    expect(decideVerdict('verifik', { score: null, reasons: [] }, 0.6).reasons).toEqual(['PROCESSING_ERROR']);
    expect(decideVerdict('verifik', { score: 0.1, reasons: [] }, 0.6).reasons).toEqual(['PRESENTATION_ATTACK']);
    expect(decideVerdict('verifik', { score: 0.9, reasons: [] }, 0.6).reasons).toEqual([]);
  });
});
