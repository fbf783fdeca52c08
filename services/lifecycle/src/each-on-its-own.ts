/** Works through a list so that one item that fails does not keep the others from being done. */
import type { Logger } from '@livegate/telemetry/logger';

/** Returns how many items were done: a round of failures must not look like a full one. */
export async function eachOnItsOwn<T>(
  items: readonly T[],
  logger: Logger,
  work: (item: T) => Promise<unknown>,
): Promise<number> {
  let done = 0;
  for (const item of items) {
    try {
      await work(item);
      done += 1;
    } catch (error) {
      logger.error('sweep_item_failed', { error: error as Error });
    }
  }
  return done;
}
