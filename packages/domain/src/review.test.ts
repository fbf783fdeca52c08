import { describe, expect, it } from 'vitest';
import { REVIEW_LABELS, reviewCauses } from './review.ts';

const sure = {
  contract: 'globaldata',
  confidence: 98,
  verdict: { passed: true, threshold: 70 },
  signals: [],
  policy: 'report',
} as const;

describe('what a person should look at', () => {
  it.each([
    ['a sure pass', {}, []],
    ['a sure refusal', { confidence: 3, verdict: { passed: false, threshold: 70 } }, []],
    ['no score', { confidence: null, verdict: { passed: false, threshold: 70 } }, []],
    ['just above', { confidence: 75 }, ['near_threshold']],
    ['just below', { confidence: 65, verdict: { passed: false, threshold: 70 } }, ['near_threshold']],
    ['not so near', { confidence: 75.01 }, []],
    [
      'the scale of another contract',
      { contract: 'kairos', confidence: 0.64, verdict: { passed: true, threshold: 0.6 } },
      ['near_threshold'],
    ],
    ['a pass with strong evidence', { signals: ['IMAGE_REUSED'] }, ['passed_with_risk']],
    ['a pass with weak evidence', { signals: ['TIMES_DISAGREE'], policy: 'review' }, []],
    ['a refusal with strong evidence', { signals: ['IMAGE_REUSED'], verdict: { passed: false, threshold: 70 } }, []],
    [
      'one that the client asks for',
      { signals: ['IMAGE_REUSED'], verdict: { passed: false, threshold: 70 }, policy: 'review' },
      ['asked_for'],
    ],
  ] as const)('%s', (_, change, causes) => {
    expect(reviewCauses({ ...sure, ...change })).toEqual(causes);
  });

  it('can be said in words that the evaluation knows: bona fide is a folder, unsure is none', () => {
    expect(REVIEW_LABELS.bona_fide.folder).toBe('live');
    expect(REVIEW_LABELS.unsure.folder).toBeNull();
    const folders = Object.values(REVIEW_LABELS).flatMap(({ folder }) => folder ?? []);
    expect(new Set(folders).size).toBe(folders.length);
  });
});
