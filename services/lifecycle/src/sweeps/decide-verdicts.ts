/** Decides the submissions whose every batch is scored. */
import { listChecksToDecide } from '@livegate/db/checks';
import { decideCheck } from '../decide-check.ts';
import { eachOnItsOwn } from '../each-on-its-own.ts';
import type { SweepDeps } from '../sweep.ts';

export async function decideVerdicts(deps: SweepDeps): Promise<number> {
  return eachOnItsOwn(await listChecksToDecide(deps.db, 100), deps.logger, (id) => decideCheck(deps, id));
}
