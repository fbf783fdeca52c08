import { describe, expect, it } from 'vitest';
import { FAILURE_REASONS } from './failure.ts';
import { REASON_CODES, REASONS } from './reasons.ts';
import { findScenario, playVerdict, SCENARIOS, sandboxFaces } from './sandbox.ts';
import { CONTRACTS, type ContractName } from './thresholds.ts';

const contracts = Object.keys(CONTRACTS) as ContractName[];
const all = Object.values(SCENARIOS);

describe('the scenarios', () => {
  it('reach every reason and every failure that can come of scoring', () => {
    const hosted = all.flatMap(({ hosted }) => (hosted.effect === 'fail' ? [hosted] : []));
    const quality = REASON_CODES.filter((reason) => REASONS[reason].evidence !== 'attack');
    expect(new Set(hosted.flatMap(({ reasons }) => reasons))).toEqual(new Set(quality));
    const shown = all.flatMap(({ hosted }) => (hosted.effect === 'verdict' && hosted.reason ? [hosted.reason] : []));
    const attacks = REASON_CODES.filter((reason) => REASONS[reason].evidence === 'attack');
    expect(['PRESENTATION_ATTACK', ...shown].toSorted()).toEqual(attacks.toSorted());
    // A caller who leaves is the one failure that needs a caller.
    const failures = Object.keys(FAILURE_REASONS).filter((reason) => reason !== 'abandoned');
    expect(new Set(hosted.map(({ failureReason }) => failureReason))).toEqual(new Set(failures));
  });

  it('are found by their own names only', () => {
    expect(findScenario('live')).toBe(SCENARIOS.live);
    for (const name of ['', 'LIVE', 'toString', '__proto__', 'constructor']) expect(findScenario(name)).toBeNull();
  });

  it.each(contracts)('pass live and never an attack at the default threshold of %s', (contract) => {
    const threshold = CONTRACTS[contract].defaultThreshold;
    expect(playVerdict(contract, { score: 0.9998, threshold }).verdict).toMatchObject({ passed: true, reasons: [] });
    expect(playVerdict(contract, { score: 0.0102, threshold }).verdict).toMatchObject({
      passed: false,
      reasons: ['PRESENTATION_ATTACK'],
    });
  });

  it.each(contracts)('leave an equal score to the comparator of %s', (contract) => {
    const { comparator, scale } = CONTRACTS[contract];
    for (const threshold of [0, 0.5 * scale, 0.99 * scale]) {
      const { verdict } = playVerdict(contract, { score: 'threshold', threshold });
      expect(verdict).toMatchObject({ confidence: threshold, passed: comparator === '>=' });
    }
  });

  it('show as many faces as they speak of', () => {
    expect(sandboxFaces(null)).toHaveLength(1);
    expect(sandboxFaces('NO_FACE')).toHaveLength(0);
    expect(sandboxFaces('MULTIPLE_FACES')).toHaveLength(2);
  });
});
