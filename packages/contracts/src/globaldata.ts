/** GlobalData's wire shapes (vendor documents 000 and 001, made exact in the wire contract). */
import { CHALLENGES } from '@livegate/domain/challenge';
import { FAILURE_REASONS, type FailureReason } from '@livegate/domain/failure';
import { REASON_CODES, type ReasonCode } from '@livegate/domain/reasons';
import { CONTRACTS } from '@livegate/domain/thresholds';
import { z } from 'zod';
import { jws, personReference } from './records.ts';

const integerBetween = (low: number, high: number) =>
  z
    .number(`must be an integer from ${low} to ${high}`)
    .int(`must be an integer from ${low} to ${high}`)
    .min(low, `must be an integer from ${low} to ${high}`)
    .max(high, `must be an integer from ${low} to ${high}`);

/** `POST /liveness_check`. Unknown keys are ignored, as on every vendor contract. Bounds are refused, never clamped. */
export const createRequest = z
  .object(
    {
      return_url: z
        .string({ error: (issue) => (issue.input === undefined ? 'is required' : 'must be a URL') })
        .min(1, 'must be a URL')
        .meta({
          description:
            'Where the person goes at the end. https, a public host; `lc_token`, and `error` when no verdict was reached, are added.',
        }),
      webhook_url: z
        .string('must be a URL')
        .min(1, 'must be a URL')
        .optional()
        .meta({ description: 'Where lifecycle events are posted. https, a public host, no fragment.' }),
      link_valid_mins: integerBetween(5, 30).default(10).meta({ description: 'Minutes for which the link is good.' }),
      threshold: integerBetween(0, 99)
        .default(CONTRACTS.globaldata.defaultThreshold)
        .meta({ description: 'The confidence must be greater than this to pass.' }),
      audit_images: integerBetween(0, 4)
        .default(0)
        .meta({ description: 'Frames to keep for about 30 minutes besides the probe image.' }),
      person_reference: personReference.optional().meta({
        description: "Whom the check is about, in your words; only a keyed hash is kept. Livegate's own extension.",
      }),
      challenge: z
        .enum(CHALLENGES, `must be one of ${CHALLENGES.join(', ')}`)
        .optional()
        .meta({ description: "What the person is asked to do. Livegate's own extension." }),
    },
    'must be a JSON object',
  )
  .meta({ id: 'CreateCheckRequest' });
export type CreateRequest = z.infer<typeof createRequest>;

const token = z
  .string()
  .regex(/^[A-Za-z0-9]{32}$/)
  .meta({ description: 'Names the check in `GET /liveness_check`, in webhooks, and as `lc_token` in the redirect.' });
const reference = z
  .uuidv4()
  .meta({ description: 'Quote it when you ask about this check or request. Also in `X-Request-ID`.' });

export const createResponse = z
  .object({
    token,
    url: z.url().meta({ description: 'The capture page: give it to the person. Cannot be had again.' }),
    secret: z
      .string()
      .regex(/^whsec_[A-Za-z0-9+/]{43}=$/)
      .meta({ description: "Verifies this check's webhooks. Shown once." }),
    webhook_url: z.url().optional().meta({ description: 'As it was supplied.' }),
    reference,
  })
  .meta({ id: 'CreatedCheck' });
export type CreateResponse = z.infer<typeof createResponse>;

const boundingBox = z
  .object({ left: z.number(), top: z.number(), width: z.number(), height: z.number() })
  .meta({ id: 'BoundingBox', description: 'Of the face, in fractions of the image, from the top left corner.' });
const dataUri = z.string().startsWith('data:image/');

export const waitingResponse = z
  .object({ status: z.enum(['pending', 'in_progress']), token, reference })
  .meta({ id: 'WaitingCheck' });
export type WaitingResponse = z.infer<typeof waitingResponse>;

export const resultResponse = z
  .object({
    status: z.enum(['complete', 'failed']),
    token,
    reference,
    result: z.object({
      passed: z
        .boolean()
        .meta({ description: 'Whether `confidence` is greater than `threshold`; never true without a verdict.' }),
      confidence: z.number().min(0).max(100).meta({ description: 'Two decimals.' }),
      threshold: z.number().int().min(0).max(99),
      checked_at: z.iso.datetime({ precision: 3 }),
      reasons: z
        .array(z.enum(REASON_CODES as [ReasonCode, ...ReasonCode[]]))
        .meta({ description: 'Why it did not pass; empty when it did.' }),
      bounding_box: boundingBox.optional(),
      image: dataUri
        .optional()
        .meta({ description: 'The frame that was judged, while it is kept (about 30 minutes).' }),
      audit_images: z
        .array(z.object({ image: dataUri, bounding_box: boundingBox.optional() }))
        .optional()
        .meta({ description: 'When they were asked for, while they are kept (about 30 minutes).' }),
      model_profile: z.string().optional(),
      receipt: jws.optional().meta({
        description: 'The signed decision receipt, a compact JWS. None without a verdict, none in the sandbox.',
      }),
      images_expired_at: z.iso.datetime({ precision: 3 }).optional(),
    }),
    failure_reason: z
      .enum(Object.keys(FAILURE_REASONS) as [FailureReason, ...FailureReason[]])
      .optional()
      .meta({ description: 'Why no verdict could be reached. Only when `status` is `failed`.' }),
  })
  .meta({ id: 'CheckResult' });
export type ResultResponse = z.infer<typeof resultResponse>;

export const expiredResponse = z.object({ status: z.literal('expired'), reference }).meta({ id: 'ExpiredCheck' });
export type ExpiredResponse = z.infer<typeof expiredResponse>;

export const errorResponse = z
  .object({
    error: z.object({
      code: z.string(),
      message: z.string(),
      field: z.string().optional().meta({ description: 'The field of the request that is at fault.' }),
    }),
    reference,
  })
  .meta({ id: 'GlobaldataError' });
export type ErrorResponse = z.infer<typeof errorResponse>;
