/** Every sweep: THE table. Each is idempotent and safe to run twice at once; each works in bounded batches. */
import type { Database, Queryable } from '@livegate/db/database';
import type { FrameStore } from '@livegate/frame-store/frame-store';
import type { Producer } from '@livegate/queues/producer';
import type { Logger } from '@livegate/telemetry/logger';
import { decideVerdicts } from './sweeps/decide-verdicts.ts';
import { enqueueDueBatches } from './sweeps/enqueue-due-batches.ts';
import { expireChecks } from './sweeps/expire-checks.ts';
import { failOverdue } from './sweeps/fail-overdue.ts';
import { purgeImages } from './sweeps/purge-images.ts';

export type SweepDeps = { db: Database; frameStore: FrameStore<Queryable>; producer: Producer; logger: Logger };

/** Does one bounded round of work and returns how many things it did. */
export type Sweep = (deps: SweepDeps) => Promise<number>;

export const SWEEPS = [
  // The net under NOTIFY, and the only way when it was lost.
  { name: 'decide-verdicts', everyMs: 250, run: decideVerdicts },
  { name: 'enqueue-due-batches', everyMs: 250, run: enqueueDueBatches },
  // `expired` fires within 5 s of the link's end.
  { name: 'expire-checks', everyMs: 1_000, run: expireChecks },
  { name: 'fail-overdue', everyMs: 1_000, run: failOverdue },
  // A row is gone within a minute of its image's time; the api stops showing it on the second.
  { name: 'purge-images', everyMs: 10_000, run: purgeImages },
] as const satisfies { name: string; everyMs: number; run: Sweep }[];
