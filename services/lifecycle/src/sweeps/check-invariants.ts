/** Looks for rows that must not be. Each is an incident: it is counted, said once in the log per round, and repaired by nobody. */
import { countViolations } from '@livegate/db/invariants';
import { invariantsChecked } from '@livegate/telemetry/events';
import type { SweepDeps } from '../sweep.ts';

export async function checkInvariants({ db, logger }: SweepDeps): Promise<number> {
  const violations = await countViolations(db);
  invariantsChecked(violations);
  if (Object.values(violations).some((rows) => rows > 0)) logger.error('invariants_broken', violations);
  return 0;
}
