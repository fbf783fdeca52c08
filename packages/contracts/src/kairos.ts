/** Kairos' wire shapes (vendor document 003, made exact in the wire contract). */
import { CONTRACTS } from '@livegate/domain/thresholds';
import { z } from 'zod';

/** The multipart form of `POST /v0.1/liveness-verification`: a form's numbers are text, which the api reads with `kairosThreshold`. */
export const kairosRequest = z
  .object({
    selfie: z.file().meta({ description: 'JPEG, PNG or WebP of at most 10 MB and 5000 pixels on a side.' }),
    threshold: z
      .number()
      .min(0)
      .max(1)
      .default(CONTRACTS.kairos.defaultThreshold)
      .meta({ description: 'A score must be greater than this, or equal to it, to pass.' }),
  })
  .meta({ id: 'KairosRequest' });

/** The form's `threshold`: a decimal number as text, from 0 to 1. */
export const kairosThreshold = z
  .string()
  .max(1_000)
  .regex(/^\s*[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?\s*$/i)
  .transform(Number)
  .pipe(z.number().min(0).max(1));

const point = z.object({ x: z.number(), y: z.number() });
// `2024-04-01 20:05:17`, UTC, as the document's sample.
const time = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/)
  .meta({ description: 'UTC.' });

export const kairosVerdict = z
  .object({
    api_req_uid: z.uuidv4(),
    processed_at: time,
    requested_at: time,
    response_code: z
      .union([z.literal(0), z.literal(2)])
      .meta({ description: '0: live. 2: not live, or no one face could be scored.' }),
    response_data: z.object({
      faces_liveness: z
        .number()
        .min(0)
        .max(1)
        .meta({ description: 'Four decimals, always printed as a float (`0.0`).' }),
      faces_predicted: z
        .array(z.object({ confidence: z.number().min(0).max(1), delta: point, top_left: point }))
        .meta({ description: 'Every face found, in pixels from the top left corner; `delta` is width and height.' }),
      img: z.object({ height: z.number().int().positive(), width: z.number().int().positive() }),
    }),
  })
  .meta({ id: 'KairosVerdict' });
export type KairosVerdict = z.infer<typeof kairosVerdict>;

export const kairosError = z
  .object({ error: z.object({ code: z.string(), message: z.string() }), api_req_uid: z.uuidv4() })
  .meta({ id: 'KairosError' });
export type KairosError = z.infer<typeof kairosError>;
