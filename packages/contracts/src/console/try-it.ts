/** One picture, tried from the console. */
import { z } from 'zod';

const box = z.object({ left: z.number(), top: z.number(), width: z.number(), height: z.number() });

export const tryAnswer = z.strictObject({
  reference: z.string(),
  passed: z.boolean(),
  score: z.number(),
  threshold: z.number(),
  reasons: z.array(z.strictObject({ code: z.string(), meaning: z.string() })),
  width: z.number().int(),
  height: z.number().int(),
  faces: z.array(z.strictObject({ box, confidence: z.number() })),
  milliseconds: z.strictObject({
    /** From the first byte of the body to the last. */
    upload: z.number(),
    /** From the commit of the check to its verdict: queue, decoding, detection, scoring. */
    scoring: z.number(),
    /** In this server, all in all. */
    total: z.number(),
  }),
});
export type TryAnswer = z.infer<typeof tryAnswer>;
