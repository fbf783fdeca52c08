/** Claims due deliveries while there is room and sends each on its own; woken by NOTIFY, by the next due time, or every 5 s. */
import { claimDueDeliveries, secondsUntilNextDelivery } from '@livegate/db/deliveries';
import { type DeliverDeps, deliverWebhook } from './deliver-webhook.ts';

export type DispatchLoop = { wake(): void; close(): Promise<void> };

const MAX_IN_FLIGHT = 64;
// Longer than the total deadline of an attempt, so that no live attempt is claimed twice.
const LEASE_SECONDS = 30;
const MAX_SLEEP_MS = 5_000;
// The next due time comes from the database's clock; a little patience keeps the loop from spinning on rounding.
const MIN_SLEEP_MS = 50;

export function startDispatchLoop(deps: DeliverDeps): DispatchLoop {
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
  const deliver = async (delivery: Parameters<typeof deliverWebhook>[1]) => {
    try {
      await deliverWebhook(deps, delivery);
    } catch (error) {
      // Not recorded: the claim's lease ends and another dispatcher tries this attempt again.
      deps.logger.error('delivery_not_recorded', { delivery: delivery.deliveryId, error: error as Error });
    }
  };
  const round = async (): Promise<number> => {
    woken = false;
    const limit = MAX_IN_FLIGHT - inFlight.size;
    const claimed = limit > 0 ? await claimDueDeliveries(deps.db, { limit, leaseSeconds: LEASE_SECONDS }) : [];
    for (const delivery of claimed) {
      const running = deliver(delivery).finally(() => {
        inFlight.delete(running);
        if (inFlight.size === MAX_IN_FLIGHT - 1) wake();
      });
      inFlight.add(running);
    }
    const nextSeconds = await secondsUntilNextDelivery(deps.db);
    const full = inFlight.size >= MAX_IN_FLIGHT;
    return full || nextSeconds === null
      ? MAX_SLEEP_MS
      : Math.min(MAX_SLEEP_MS, Math.max(MIN_SLEEP_MS, nextSeconds * 1_000));
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
