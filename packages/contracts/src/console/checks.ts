/** The console's checks: searched, and one of them with all that happened to it. No image is in either. */
import { CHECK_STATES, type CheckState } from '@livegate/domain/check-state';
import { z } from 'zod';
import { deliveryRow } from './deliveries.ts';

const time = z.iso.datetime();
const state = z.enum(Object.keys(CHECK_STATES) as [CheckState, ...CheckState[]]);

export const findChecksQuery = z.strictObject({
  /** A reference, a token or a check's id. */
  text: z.string().trim().max(80, 'is too long').optional(),
  state: state.optional(),
  client: z.string().max(40).optional(),
  since: time.optional(),
  until: time.optional(),
  cursor: z.string().max(100).optional(),
});

const checkRow = z.strictObject({
  id: z.string(),
  reference: z.string(),
  clientId: z.string(),
  clientName: z.string(),
  contract: z.string(),
  kind: z.enum(['hosted', 'instant']),
  state: state,
  passed: z.boolean().nullable(),
  confidence: z.number().nullable(),
  threshold: z.number(),
  reasons: z.array(z.string()),
  failureReason: z.string().nullable(),
  sandbox: z.boolean(),
  createdAt: time,
  finishedAt: time.nullable(),
});
export type CheckRow = z.infer<typeof checkRow>;

export const checkListAnswer = z.strictObject({ checks: z.array(checkRow), nextCursor: z.string().nullable() });
export type CheckListAnswer = z.infer<typeof checkListAnswer>;

const box = z.object({ left: z.number(), top: z.number(), width: z.number(), height: z.number() });

export const checkAnswer = z.strictObject({
  check: z.strictObject({
    ...checkRow.shape,
    token: z.string(),
    challenge: z.string(),
    challengeDeclinedAt: time.nullable(),
    score: z.number().nullable(),
    attempt: z.number().int(),
    attemptsAllowed: z.number().int(),
    attemptReason: z.string().nullable(),
    riskSignals: z.array(z.string()),
    needsReview: z.boolean(),
    modelProfile: z.string().nullable(),
    models: z.array(z.strictObject({ id: z.string(), sha256: z.string() })),
    linkExpiresAt: time.nullable(),
    startedAt: time.nullable(),
    submittedAt: time.nullable(),
    deadlineAt: time.nullable(),
    imagesExpireAt: time.nullable(),
    imagesReadable: z.boolean(),
    legalHold: z.boolean(),
    hasReceipt: z.boolean(),
    traceId: z.string().nullable(),
  }),
  transitions: z.array(z.strictObject({ from: z.string().nullable(), event: z.string(), to: z.string(), at: time })),
  steps: z.array(
    z.strictObject({
      attempt: z.number().int(),
      step: z.number().int(),
      prompt: z.string(),
      holdMs: z.number().int(),
      revealedAt: time.nullable(),
      ended: z.string().nullable(),
    }),
  ),
  batches: z.array(
    z.strictObject({
      id: z.string(),
      attempt: z.number().int(),
      generation: z.number().int(),
      attemptsStarted: z.number().int(),
      crashes: z.number().int(),
      createdAt: time,
      enqueuedAt: time.nullable(),
      scoredAt: time.nullable(),
      givenUpAt: time.nullable(),
      lastFailure: z.string().nullable(),
      modelProfile: z.string().nullable(),
      traceId: z.string().nullable(),
      frames: z.number().int(),
    }),
  ),
  frames: z.array(
    z.strictObject({
      attempt: z.number().int(),
      seq: z.number().int(),
      batchId: z.string().nullable(),
      bytes: z.number().int(),
      receivedAt: time,
      scoredAt: time.nullable(),
      score: z.number().nullable(),
      reasons: z.array(z.string()),
      role: z.string(),
      step: z.number().int().nullable(),
    }),
  ),
  deliveries: z.array(deliveryRow),
});
export type CheckAnswer = z.infer<typeof checkAnswer>;

export const checkImagesAnswer = z.strictObject({
  images: z.array(
    z.strictObject({ role: z.string(), image: z.string().startsWith('data:image/jpeg;base64,'), box: box.nullable() }),
  ),
});
export type CheckImagesAnswer = z.infer<typeof checkImagesAnswer>;
