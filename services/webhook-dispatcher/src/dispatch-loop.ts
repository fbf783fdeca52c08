/**
 * Claims due deliveries while there is room and sends each on its own. Woken by NOTIFY, by an attempt that ended, by the
 * next time at which something may fall due, and every 5 s.
 */
import type { Database } from '@livegate/db/database';
import { type ClaimedDelivery, claimDueDeliveries, secondsUntilNextClaim } from '@livegate/db/deliveries';
import { IN_FLIGHT_LIMITS } from '@livegate/domain/delivery-limits';
import { type DeliverDeps, deliverWebhook } from './deliver-webhook.ts';

export type DispatchLoop = { wake(): void; close(): Promise<void> };

const MAX_SLEEP_MS = 5_000;
// While attempts are under way their ends wake the loop; what falls due in between waits this long at the most.
const BUSY_SLEEP_MS = 250;
// The next due time comes from the database's clock; a little patience keeps the loop from spinning on rounding.
const MIN_SLEEP_MS = 20;

/** `dispatcher` is this process's number among those that live (see dispatcher-presence). */
export function startDispatchLoop(deps: DeliverDeps & { db: Database; dispatcher: number }): DispatchLoop {
  const inFlight = new Set<Promise<void>>();
  let closed = false;
  let woken = false;
  let interrupt = () => {};

  const wake = () => {
    woken = true;
    interrupt();
  };
  const sleep = (ms: number) =>
    new Promise<void>((resolve) => {
      if (woken || closed) return resolve();
      const timer = setTimeout(resolve, ms);
      interrupt = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const deliver = async (delivery: ClaimedDelivery) => {
    try {
      await deliverWebhook(deps, delivery);
    } catch (error) {
      // Not recorded: the claim's lease ends and another dispatcher tries this attempt again.
      deps.logger.error('delivery_not_recorded', { delivery: delivery.deliveryId, error: error as Error });
    }
  };
  const round = async (): Promise<number> => {
    woken = false;
    const limit = IN_FLIGHT_LIMITS.total - inFlight.size;
    const claimed = limit > 0 ? await claimDueDeliveries(deps.db, { limit, dispatcher: deps.dispatcher }) : [];
    for (const delivery of claimed) {
      const running = deliver(delivery).finally(() => {
        inFlight.delete(running);
        wake();
      });
      inFlight.add(running);
    }
    if (claimed.length > 0 || limit === 0) return BUSY_SLEEP_MS;
    const seconds = await secondsUntilNextClaim(deps.db, deps.dispatcher);
    return seconds === null ? MAX_SLEEP_MS : Math.min(MAX_SLEEP_MS, Math.max(MIN_SLEEP_MS, seconds * 1_000));
  };
  const running = (async () => {
    while (!closed) {
      const pause = await round().catch((error: Error) => {
        deps.logger.warn('claim_failed', { error });
        return 1_000;
      });
      await sleep(pause);
    }
  })();

  return {
    wake,
    close: async () => {
      closed = true;
      interrupt();
      await running;
      await Promise.all(inFlight);
    },
  };
}
