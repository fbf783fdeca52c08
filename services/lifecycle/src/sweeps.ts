/** Every sweep: THE table. */
import type { Sweep } from './sweep.ts';
import { buryDeliveries } from './sweeps/bury-deliveries.ts';
import { checkInvariants } from './sweeps/check-invariants.ts';
import { decideVerdicts } from './sweeps/decide-verdicts.ts';
import { destroyEpochKeys } from './sweeps/destroy-epoch-keys.ts';
import { enqueueDueBatches } from './sweeps/enqueue-due-batches.ts';
import { expireChecks } from './sweeps/expire-checks.ts';
import { failOverdue } from './sweeps/fail-overdue.ts';
import { finishErasures } from './sweeps/finish-erasures.ts';
import { playScenarios } from './sweeps/play-scenarios.ts';
import { purgeChecks } from './sweeps/purge-checks.ts';
import { purgeImages } from './sweeps/purge-images.ts';
import { purgeRecords } from './sweeps/purge-records.ts';
import { purgeOldDeliveries, purgeOldScores } from './sweeps/purge-scores.ts';
import { removeOrphans } from './sweeps/remove-orphans.ts';
import { reportBacklog } from './sweeps/report-backlog.ts';
import { reportDeliveries } from './sweeps/report-deliveries.ts';
import { sealAuditLog } from './sweeps/seal-audit-log.ts';

export const SWEEPS = [
  // The net under NOTIFY, and the only way when it was lost.
  { name: 'decide-verdicts', everyMs: 250, run: decideVerdicts },
  { name: 'enqueue-due-batches', everyMs: 250, run: enqueueDueBatches },
  // `expired` fires within 5 s of the link's end.
  { name: 'expire-checks', everyMs: 1_000, run: expireChecks },
  { name: 'fail-overdue', everyMs: 1_000, run: failOverdue },
  { name: 'play-scenarios', everyMs: 500, run: playScenarios },
  // A row is gone within a minute of its image's time; the api stops showing it on the second.
  { name: 'purge-images', everyMs: 10_000, run: purgeImages },
  { name: 'bury-deliveries', everyMs: 10_000, run: buryDeliveries },
  { name: 'report-deliveries', everyMs: 10_000, run: reportDeliveries },
  // Images end 30:00 after the verdict, their epoch within two minutes of it: gone well before 35:00.
  { name: 'destroy-epoch-keys', everyMs: 5_000, run: destroyEpochKeys },
  { name: 'seal-audit-log', everyMs: 5_000, run: sealAuditLog },
  { name: 'finish-erasures', everyMs: 5_000, run: finishErasures },
  { name: 'purge-scores', everyMs: 60_000, run: purgeOldScores },
  { name: 'purge-deliveries', everyMs: 60_000, run: purgeOldDeliveries },
  { name: 'purge-checks', everyMs: 60_000, run: purgeChecks },
  { name: 'purge-records', everyMs: 60_000, run: purgeRecords },
  // Nothing to do where frames are rows; in an object store a page of a thousand per round.
  { name: 'remove-orphans', everyMs: 60_000, run: removeOrphans() },
  // For people and autoscalers: what waits, and what must not be.
  { name: 'report-backlog', everyMs: 5_000, run: reportBacklog },
  { name: 'check-invariants', everyMs: 30_000, run: checkInvariants },
] as const satisfies { name: string; everyMs: number; run: Sweep }[];
