import { describe, expect, it } from 'vitest';
import { afterFailure } from './failure-policy.ts';
import { InferenceFailed } from './inference-pool.ts';

describe('what a failure means for its batch', () => {
  it.each([
    ['crashed', { failure: 'inference_crashed', crashed: true, outage: false }],
    ['timeout', { failure: 'inference_timeout', crashed: true, outage: false }],
    ['failed', { failure: 'inference_failed', crashed: true, outage: false }],
    // The worker's own stop says nothing about the frames.
    ['closed', { failure: 'worker_stopped', crashed: false, outage: false }],
  ] as const)('%s', (kind, after) => {
    expect(afterFailure(new InferenceFailed(kind, 'why'))).toEqual(after);
  });

  it.each([
    ['a lost database', Object.assign(new Error('Connection terminated unexpectedly'), { code: '57P01' })],
    ['an error that only looks like a crash', Object.assign(new Error('crashed'), { kind: 'crashed' })],
    ['what is no error', 'crashed'],
    ['nothing', undefined],
  ])('%s never counts towards poison', (_, error) => {
    expect(afterFailure(error)).toEqual({ failure: 'unavailable', crashed: false, outage: true });
  });
});
