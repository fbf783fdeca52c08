/** Refuses new instant checks at once when the oldest waiting batch is so old that they could not be answered in time. */
import type { Queryable } from '@livegate/db/database';
import { oldestWaitSeconds } from '@livegate/db/instant-checks';
import { CodedError } from '@livegate/domain/errors';
import { PROCESSING_LIMITS } from '@livegate/domain/processing-limits';

export type Admission = { require(): Promise<void> };

// One look serves all requests of this time: overload is when looking itself must not add load.
const LOOK_EVERY_MS = 250;

export function createAdmission(db: Queryable): Admission {
  let lookedAt = Number.NEGATIVE_INFINITY;
  let look: Promise<number> = Promise.resolve(0);
  return {
    require: async () => {
      if (performance.now() - lookedAt > LOOK_EVERY_MS) {
        lookedAt = performance.now();
        look = oldestWaitSeconds(db);
      }
      if ((await look) > PROCESSING_LIMITS.admissionSeconds) {
        throw new CodedError('overloaded', 'More work is waiting than can be done in time; please try again shortly.');
      }
    },
  };
}
