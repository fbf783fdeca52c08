/** Erases checks whose verdict has been kept for as long as its client keeps it. */
import { listChecksPastRetention } from '@livegate/db/erase-check';
import { eachOnItsOwn } from '../each-on-its-own.ts';
import { eraseOne } from '../erase-check.ts';
import type { SweepDeps } from '../sweep.ts';

export async function purgeChecks(deps: SweepDeps): Promise<number> {
  const ids = await listChecksPastRetention(deps.db, 100);
  return eachOnItsOwn(ids, deps.logger, (checkId) => eraseOne(deps, { checkId, cause: 'retention' }));
}
