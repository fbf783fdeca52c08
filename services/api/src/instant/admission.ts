/**
 * Admission control by the age of the oldest batch that nobody has in hand: what could not be answered in time is refused
 * at once, so that what was accepted keeps its latency.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Queryable } from '@livegate/db/database';
import { oldestWaitSeconds } from '@livegate/db/instant-checks';
import { CodedError } from '@livegate/domain/errors';
import { ADMISSION_SECONDS, type AdmittedWork } from '@livegate/domain/processing-limits';

export type Admission = {
  /** Throws `overloaded` when the oldest work has waited for longer than leaves time for work of this kind. */
  require(work: AdmittedWork): Promise<void>;
};

// An age from before a quiet time says nothing about now.
const STALE_MS = 2_000;
// One look serves all requests of this time.
const LOOK_EVERY_MS = 250;
// Under overload a look itself takes long: then the last one has to do, because a refusal must come at once.
const PATIENCE_MS = 25;

export function createAdmission(db: Queryable): Admission {
  let lookedAt = Number.NEGATIVE_INFINITY;
  let seen = { age: 0, at: Number.NEGATIVE_INFINITY };
  let look: Promise<unknown> = Promise.resolve();
  const lookAgain = () => {
    lookedAt = performance.now();
    look = oldestWaitSeconds(db).then((seconds) => {
      seen = { age: seconds, at: performance.now() };
    });
    // Whoever waits for it hears of its failure; nobody else has to.
    look.catch(() => undefined);
  };
  return {
    require: async (work) => {
      if (performance.now() - lookedAt > LOOK_EVERY_MS) lookAgain();
      const isStale = performance.now() - seen.at > STALE_MS;
      await (isStale ? look : Promise.race([look, pause(PATIENCE_MS)]));
      if (seen.age > ADMISSION_SECONDS[work]) {
        throw new CodedError('overloaded', 'More work is waiting than can be done in time; please try again shortly.');
      }
    },
  };
}
