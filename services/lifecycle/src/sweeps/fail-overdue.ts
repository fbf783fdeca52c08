/** Fails submissions that reached no verdict in time, or whose batch was given up as poison. Never `passed`. */
import { listChecksToFail } from '@livegate/db/checks';
import { eachOnItsOwn } from '../each-on-its-own.ts';
import { endCheck } from '../end-check.ts';
import type { SweepDeps } from '../sweep.ts';

export async function failOverdue(deps: SweepDeps): Promise<number> {
  const overdue = await listChecksToFail(deps.db, 100);
  return eachOnItsOwn(overdue, deps.logger, ({ checkId, failureReason }) =>
    // Meanwhile another attempt may have begun.
    endCheck(deps, checkId, { event: 'fail', failureReason, reasons: ['PROCESSING_ERROR'], onlyIfOverdue: true }),
  );
}
