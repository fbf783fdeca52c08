/** Records finished attempts: those that end while one transaction is under way share the next. */
import type { Database } from '@livegate/db/database';
import { type DeliveryAttempt, recordAttempts } from '@livegate/db/delivery-attempts';
import { BREAKER, CLAIM_LEASE_SECONDS } from '@livegate/domain/delivery-limits';
import { breakerMoved } from '@livegate/telemetry/events';
import type { Logger } from '@livegate/telemetry/logger';

export type AttemptRecorder = {
  /** Resolves when the attempt is in Postgres, or its claim's lease is over and somebody else will try again. */
  record(attempt: DeliveryAttempt): Promise<void>;
};

type Waiting = { attempt: DeliveryAttempt; giveUpAt: number; failedBefore: boolean; done: () => void };

const MOST_AT_ONCE = 64;
// Postgres is away: the receiver has been told, so it is worth trying for as long as the claim is ours.
const TRY_AGAIN_MS = 500;

export function createAttemptRecorder({ db, logger }: { db: Database; logger: Logger }): AttemptRecorder {
  const waiting: Waiting[] = [];
  let running = false;

  const run = async () => {
    while (waiting.length > 0) {
      // What failed together is tried again one by one: if one of them is at fault, the others must not suffer for it.
      const batch = waiting.splice(0, waiting[0]?.failedBefore ? 1 : MOST_AT_ONCE);
      try {
        await write(batch.map(({ attempt }) => attempt));
        for (const { done } of batch) done();
      } catch (error) {
        await putBack(batch, error as Error);
      }
    }
    running = false;
  };
  const write = async (attempts: DeliveryAttempt[]) => {
    const { breakers } = await recordAttempts(db, attempts);
    for (const { clientId, origin, state, trips } of breakers) {
      breakerMoved({ state });
      const level = trips >= BREAKER.alertTrips ? 'error' : 'warn';
      logger[state === 'closed' ? 'info' : level](`breaker_${state}`, { client: clientId, origin, trips });
    }
  };
  const putBack = async (batch: Waiting[], error: Error) => {
    const now = performance.now();
    for (const entry of batch) {
      if (entry.giveUpAt > now) {
        // One that failed alone waits behind the others.
        if (batch.length === 1) waiting.push({ ...entry, failedBefore: true });
        else waiting.unshift({ ...entry, failedBefore: true });
      } else {
        logger.error('delivery_not_recorded', { delivery: entry.attempt.deliveryId, error });
        entry.done();
      }
    }
    logger.warn('record_failed', { attempts: batch.length, error });
    if (batch.length > 1) return;
    await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
  };

  return {
    record: (attempt) =>
      new Promise((done) => {
        const leaseLeftMs = CLAIM_LEASE_SECONDS * 1_000 - attempt.elapsedMs;
        waiting.push({ attempt, giveUpAt: performance.now() + leaseLeftMs, failedBefore: false, done });
        if (running) return;
        running = true;
        void run();
      }),
  };
}
