import { KeyGone, SealBroken } from '@livegate/crypto/envelope';
import { PROCESSING_LIMITS } from '@livegate/domain/processing-limits';
import { describe, expect, it } from 'vitest';
import { afterFailure } from './failure-policy.ts';
import { InferenceFailed } from './inference-pool.ts';

const young = { waitedSeconds: 0 };
const old = { waitedSeconds: PROCESSING_LIMITS.keyPatienceSeconds };

describe('what a failure means for its batch', () => {
  it.each([
    ['crashed', { failure: 'inference_crashed', meaning: 'crash' }],
    ['timeout', { failure: 'inference_timeout', meaning: 'crash' }],
    ['failed', { failure: 'inference_failed', meaning: 'crash' }],
    // The worker's own stop says nothing about the frames.
    ['closed', { failure: 'worker_stopped', meaning: 'stop' }],
    ['unavailable', { failure: 'unavailable', meaning: 'outage' }],
  ] as const)('%s', (kind, after) => {
    expect(afterFailure(new InferenceFailed(kind, 'why'), young)).toEqual(after);
  });

  it.each([
    ['a lost database', Object.assign(new Error('Connection terminated unexpectedly'), { code: '57P01' })],
    ['an error that only looks like a crash', Object.assign(new Error('crashed'), { kind: 'crashed' })],
    ['what is no error', 'crashed'],
    ['nothing', undefined],
  ])('%s never counts towards poison', (_, error) => {
    expect(afterFailure(error, young)).toEqual({ failure: 'unavailable', meaning: 'outage' });
  });

  it('a key that cannot be found is waited for, but not for long', () => {
    expect(afterFailure(new KeyGone('where?'), young)).toEqual({ failure: 'unavailable', meaning: 'outage' });
    expect(afterFailure(new KeyGone('where?'), old)).toEqual({ failure: 'seal_broken', meaning: 'hopeless' });
  });

  it('altered bytes are given up at once', () => {
    expect(afterFailure(new SealBroken('altered'), young)).toEqual({ failure: 'seal_broken', meaning: 'hopeless' });
  });
});
