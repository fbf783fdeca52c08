/** What happens to a batch after a failure: one pure function, so that the rule can be read and tested. */
import { InferenceFailed } from './inference-pool.ts';

/** `crashed` failures count towards poison; others are tried again until the check's deadline. */
/** `outage`: it was not the batch's fault and will pass; the start does not count, and the next one waits a little. */
export type AfterFailure = { failure: string; crashed: boolean; outage: boolean };

export function afterFailure(error: unknown): AfterFailure {
  if (!(error instanceof InferenceFailed)) return { failure: 'unavailable', crashed: false, outage: true };
  switch (error.kind) {
    case 'crashed':
    case 'timeout':
    // The engine is deterministic: what failed on these frames fails on them again.
    case 'failed':
      return { failure: `inference_${error.kind}`, crashed: true, outage: false };
    case 'closed':
      return { failure: 'worker_stopped', crashed: false, outage: false };
  }
}
