/** Works through a list so that one item that fails does not keep the others from being done. */
import type { Logger } from '@livegate/telemetry/logger';

/** Some items of a round failed; `done` were done all the same. */
export class ItemsFailed extends Error {
  override readonly name = 'ItemsFailed';
  readonly done: number;
  constructor(done: number, failed: number) {
    super(`${failed} of ${done + failed} failed`);
    this.done = done;
  }
}

/** Returns how many items were done. Throws `ItemsFailed` at the end when one was not: a round of failures must not look like a full one. */
export async function eachOnItsOwn<T extends string | { checkId: string }>(
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
      logger.error('sweep_item_failed', {
        item: typeof item === 'string' ? item : item.checkId,
        error: error as Error,
      });
    }
  }
  if (done < items.length) throw new ItemsFailed(done, items.length - done);
  return done;
}
