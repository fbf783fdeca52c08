/** Expires open checks whose link ran out without a submission. */
import { listChecksToExpire } from '@livegate/db/checks';
import { endCheck } from '../end-check.ts';
import type { SweepDeps } from '../sweep.ts';

export async function expireChecks(deps: SweepDeps): Promise<number> {
  const ids = await listChecksToExpire(deps.db, 100);
  for (const id of ids) await endCheck(deps, id, { event: 'expire' });
  return ids.length;
}
