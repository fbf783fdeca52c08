/** Removes objects that no transaction owns: put by one that rolled back, or not removed because a process died in between. */
import { listChecksWithoutFrames } from '@livegate/db/checks';
import { eachOnItsOwn } from '../each-on-its-own.ts';
import type { SweepDeps } from '../sweep.ts';

/** One page of the store per round, and from the start again. */
export function removeOrphans(): (deps: SweepDeps) => Promise<number> {
  let after: string | null = null;
  return async ({ db, frameStore, logger }) => {
    const { checkIds, next } = await frameStore.listOwners(after);
    after = next;
    const orphaned = checkIds.length > 0 ? await listChecksWithoutFrames(db, checkIds) : [];
    return eachOnItsOwn(orphaned, logger, (id) => frameStore.removeAllBut(db, id, []));
  };
}
