/** Decides the submissions whose every batch is scored. */
import { listChecksToDecide } from '@livegate/db/checks';
import { decideCheck } from '../decide-check.ts';
import type { SweepDeps } from '../sweep.ts';

export async function decideVerdicts(deps: SweepDeps): Promise<number> {
  const ids = await listChecksToDecide(deps.db, 100);
  for (const id of ids) await decideCheck(deps, id);
  return ids.length;
}
