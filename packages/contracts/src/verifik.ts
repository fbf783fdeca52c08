/** Verifik's wire shapes (vendor document 002, made exact in the wire contract). */
import { CONTRACTS } from '@livegate/domain/thresholds';
import { z } from 'zod';

/** `POST /v2/face-recognition/liveness`. Unknown keys are ignored. The api says its faults in Joi's words, not in these. */
export const verifikRequest = z
  .object({
    os: z
      .string()
      .min(1)
      .max(64)
      .meta({ description: 'Where the image was taken: DESKTOP, IOS, ANDROID, or your own word.' }),
    image: z.string().min(1).meta({
      description:
        'JPEG, PNG or WebP of at most 10 MB and 25 million pixels: base64, a data URI, or an https URL at a public address.',
    }),
    collection_id: z.string().min(1).optional().meta({ description: "One of your own collections' ids." }),
    liveness_min_score: z
      .number()
      .min(0)
      .max(1)
      .default(CONTRACTS.verifik.defaultThreshold)
      .meta({ description: 'A score must be greater than this to pass. At 1 nothing passes.' }),
  })
  .meta({ id: 'VerifikRequest' });
export type VerifikRequest = z.infer<typeof verifikRequest>;

export const verifikVerdict = z
  .object({
    id: z.string().regex(/^[A-Z0-9]{5}$/),
    data: z.object({
      passed: z.boolean().meta({ description: 'Whether `liveness_score` is greater than `min_score`.' }),
      min_score: z.number().min(0).max(1),
      liveness_score: z
        .number()
        .min(0)
        .max(1)
        .meta({ description: 'Four decimals; 0 when no one face could be scored.' }),
    }),
    signature: z
      .object({
        message: z.literal('Certified by Verifik.co'),
        dateTime: z
          .string()
          .regex(/^[A-Z][a-z]+ \d{1,2}, \d{4} \d{1,2}:\d{2} [AP]M$/)
          .meta({ description: 'UTC.' }),
      })
      .meta({ description: 'A fixed text and a time: it signs nothing.' }),
  })
  .meta({ id: 'VerifikVerdict' });
export type VerifikVerdict = z.infer<typeof verifikVerdict>;

export const verifikError = z
  .object({ message: z.string(), code: z.enum(['UNAUTHORIZED', 'FORBIDDEN', 'MissingParameter', 'ERROR']) })
  .meta({ id: 'VerifikError' });
export type VerifikError = z.infer<typeof verifikError>;
