/** What happens to a batch after a failure: one pure function, so that the rule can be read and tested. */
import { KeyGone, SealBroken } from '@livegate/crypto/envelope';
import type { AfterFailure } from '@livegate/domain/after-failure';
import { PROCESSING_LIMITS } from '@livegate/domain/processing-limits';
import { InferenceFailed } from './inference-pool.ts';

/** `waitedSeconds`: how long ago the batch was made. */
export function afterFailure(error: unknown, { waitedSeconds }: { waitedSeconds: number }): AfterFailure {
  // A key that cannot be found may be on a volume that comes back: not for long, because a person waits.
  if (error instanceof KeyGone && waitedSeconds < PROCESSING_LIMITS.keyPatienceSeconds) return OUTAGE;
  // Altered bytes stay altered.
  if (error instanceof SealBroken) return { failure: error.code, meaning: 'hopeless' };
  if (!(error instanceof InferenceFailed)) return OUTAGE;
  switch (error.kind) {
    case 'crashed':
    case 'timeout':
    // The engine is deterministic: what failed on these frames fails on them again.
    case 'failed':
      return { failure: `inference_${error.kind}`, meaning: 'crash' };
    case 'unavailable':
      return OUTAGE;
    case 'closed':
      return { failure: 'worker_stopped', meaning: 'stop' };
  }
}

const OUTAGE: AfterFailure = { failure: 'unavailable', meaning: 'outage' };
