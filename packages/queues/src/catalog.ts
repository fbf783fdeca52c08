/**
 * Every queue: THE table. A payload holds ids only, never images, secrets or links; a job is a hint to look into
 * Postgres. `attempts` is 1 everywhere: retries are counted in our rows, a BullMQ failure is never the product's verdict.
 */
import { z } from 'zod';

/** A frame batch to score. */
export type BatchPayload = { batchId: string; generation: number };
export type CanaryPayload = { canary: string };

export const QUEUES = {
  inference: {
    payload: z.union([
      z.strictObject({ batchId: z.string().startsWith('bat_'), generation: z.number().int().positive() }),
      // No work, but a sign of life: names the worker that asked for it; whoever takes it has shown that it takes jobs.
      z.strictObject({ canary: z.string().regex(/^[A-Za-z0-9-]{1,60}$/) }),
    ]),
    jobId: (payload: BatchPayload | CanaryPayload) =>
      'canary' in payload ? `canary-${payload.canary}` : `score-${payload.batchId}-g${payload.generation}`,
    attempts: 1,
    // Dedupe works only while the old job is retained; generations make it unnecessary beyond that.
    keepCompleted: { age: 3_600, count: 1_000 },
    keepFailed: { age: 86_400, count: 5_000 },
  },
} as const;

export type QueueName = keyof typeof QUEUES;
export type Payload<Name extends QueueName> = z.infer<(typeof QUEUES)[Name]['payload']>;
