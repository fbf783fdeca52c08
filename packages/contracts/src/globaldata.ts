/** GlobalData's wire shapes (vendor documents 000 and 001, made exact in the wire contract). */
import { CHALLENGES } from '@livegate/domain/challenge';
import { FAILURE_REASONS, type FailureReason } from '@livegate/domain/failure';
import { REASON_CODES, type ReasonCode } from '@livegate/domain/reasons';
import { RISK_SIGNALS, type RiskSignal } from '@livegate/domain/risk-signals';
import { CONTRACTS } from '@livegate/domain/thresholds';
import { z } from 'zod';

const integerBetween = (low: number, high: number) =>
  z
    .number(`must be an integer from ${low} to ${high}`)
    .int(`must be an integer from ${low} to ${high}`)
    .min(low, `must be an integer from ${low} to ${high}`)
    .max(high, `must be an integer from ${low} to ${high}`);

/** `POST /liveness_check`. Unknown keys are ignored, as on every vendor contract. Bounds are refused, never clamped. */
export const createRequest = z.object(
  {
    return_url: z.string({ error: (issue) => (issue.input === undefined ? 'is required' : 'must be a URL') }),
    webhook_url: z.string('must be a URL').optional(),
    link_valid_mins: integerBetween(5, 30).default(10),
    threshold: integerBetween(0, 99).default(CONTRACTS.globaldata.defaultThreshold),
    audit_images: integerBetween(0, 4).default(0),
    /** Our extension. */
    challenge: z.enum(CHALLENGES, `must be one of ${CHALLENGES.join(', ')}`).optional(),
  },
  'must be a JSON object',
);
export type CreateRequest = z.infer<typeof createRequest>;

export const createResponse = z.object({
  token: z.string(),
  url: z.url(),
  secret: z.string(),
  webhook_url: z.url().optional(),
  reference: z.uuidv4(),
});
export type CreateResponse = z.infer<typeof createResponse>;

const boundingBox = z.object({ left: z.number(), top: z.number(), width: z.number(), height: z.number() });
const dataUri = z.string().startsWith('data:image/');

export const waitingResponse = z.object({
  status: z.enum(['pending', 'in_progress']),
  token: z.string(),
  reference: z.uuidv4(),
});
export type WaitingResponse = z.infer<typeof waitingResponse>;

export const resultResponse = z.object({
  status: z.enum(['complete', 'failed']),
  token: z.string(),
  reference: z.uuidv4(),
  result: z.object({
    passed: z.boolean(),
    confidence: z.number().min(0).max(100),
    threshold: z.number().int().min(0).max(99),
    checked_at: z.iso.datetime({ precision: 3 }),
    reasons: z.array(z.enum(REASON_CODES as [ReasonCode, ...ReasonCode[]])),
    bounding_box: boundingBox.optional(),
    image: dataUri.optional(),
    audit_images: z.array(z.object({ image: dataUri, bounding_box: boundingBox.optional() })).optional(),
    model_profile: z.string().optional(),
    /** Our extension: what was asked of the person, or that they said that they cannot do it. */
    challenge: z.enum([...CHALLENGES, 'declined']),
    /** Our extension: evidence of injection, and whether the client wants a person to look at the check because of it. */
    risk_signals: z.array(z.enum(Object.keys(RISK_SIGNALS) as [RiskSignal, ...RiskSignal[]])),
    review: z.boolean().optional(),
    images_expired_at: z.iso.datetime({ precision: 3 }).optional(),
  }),
  failure_reason: z.enum(Object.keys(FAILURE_REASONS) as [FailureReason, ...FailureReason[]]).optional(),
});
export type ResultResponse = z.infer<typeof resultResponse>;

export const expiredResponse = z.object({ status: z.literal('expired'), reference: z.uuidv4() });
export type ExpiredResponse = z.infer<typeof expiredResponse>;

export const errorResponse = z.object({
  error: z.object({ code: z.string(), message: z.string(), field: z.string().optional() }),
  reference: z.uuidv4(),
});
export type ErrorResponse = z.infer<typeof errorResponse>;
