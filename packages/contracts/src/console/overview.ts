/** The console's overview and queues: what happens now. */
import { z } from 'zod';

const count = z.number().int().min(0);

/** One minute, by when checks were made and when they ended. The sandbox's are left out. */
const minute = z.strictObject({
  minute: z.iso.datetime(),
  created: count,
  passed: count,
  refused: count,
  failed: count,
  expired: count,
});
export type Minute = z.infer<typeof minute>;

const backlog = z.strictObject({
  batchesWaiting: count,
  oldestBatchSeconds: z.number(),
  outboxLagSeconds: z.number(),
  checksPending: count,
  checksInProgress: count,
  imagesOverdue: count,
});

export const overviewAnswer = z.strictObject({
  at: z.iso.datetime(),
  minutes: z.array(minute),
  backlog,
  deliveries: z.strictObject({
    due: count,
    oldestDueSeconds: z.number(),
    scheduled: count,
    /** Given up within a day. */
    deadToday: count,
    openBreakers: count,
  }),
  /** Workers that the queue knows; null when it does not answer. */
  workers: count.nullable(),
  lastVerdictSeconds: z.number().nullable(),
  /** This process's own readiness, and that of services beside it in the same process. */
  readiness: z.record(z.string(), z.enum(['ok', 'failing'])),
  /** Connections to the database by service; one at rest lets its own go. */
  services: z.array(z.strictObject({ name: z.string(), connections: count })),
});
export type OverviewAnswer = z.infer<typeof overviewAnswer>;

export const queuesAnswer = z.strictObject({
  /** BullMQ's jobs by state; null when the queue does not answer. */
  jobs: z.record(z.string(), count).nullable(),
  backlog,
  /** The oldest batches that wait to be scored, of checks that want it. */
  oldest: z.array(
    z.strictObject({
      batch: z.string(),
      reference: z.string(),
      ageSeconds: z.number(),
      dueInSeconds: z.number(),
      enqueued: z.boolean(),
      generation: count,
      attemptsStarted: count,
      crashes: count,
      lastFailure: z.string().nullable(),
    }),
  ),
});
export type QueuesAnswer = z.infer<typeof queuesAnswer>;
