/** Expires open checks whose link ran out without a submission. */
import { listChecksToExpire } from '@livegate/db/checks';
import { eachOnItsOwn } from '../each-on-its-own.ts';
import { endCheck } from '../end-check.ts';
import type { SweepDeps } from '../sweep.ts';

export async function expireChecks(deps: SweepDeps): Promise<number> {
  const ids = await listChecksToExpire(deps.db, 100);
  return eachOnItsOwn(ids, deps.logger, (id) => endCheck(deps, id, { event: 'expire' }));
}
