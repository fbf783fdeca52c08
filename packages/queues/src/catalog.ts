/**
 * Every queue: THE table. A payload holds ids only, never images, secrets or links; a job is a hint to look into
 * Postgres. `attempts` is 1 everywhere: retries are counted in our rows, a BullMQ failure is never the product's verdict.
 */
import { z } from 'zod';

export const QUEUES = {
  inference: {
    payload: z.strictObject({ batchId: z.string().startsWith('bat_'), generation: z.number().int().positive() }),
    jobId: (payload: { batchId: string; generation: number }) => `score-${payload.batchId}-g${payload.generation}`,
    attempts: 1,
    // Dedupe works only while the old job is retained; generations make it unnecessary beyond that.
    keepCompleted: { age: 3_600, count: 1_000 },
    keepFailed: { age: 86_400, count: 5_000 },
  },
} as const;

export type QueueName = keyof typeof QUEUES;
export type Payload<Name extends QueueName> = z.infer<(typeof QUEUES)[Name]['payload']>;
