/** What receipts say. They are signed as they stand (compact JWS, EdDSA); the keys are at `/.well-known/jwks.json`. */
import { CHALLENGES, type Challenge } from '@livegate/domain/challenge';
import { REASON_CODES, type ReasonCode } from '@livegate/domain/reasons';
import { CONTRACTS, type ContractName } from '@livegate/domain/thresholds';
import { z } from 'zod';

const time = z.iso.datetime({ precision: 3 });
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const reasons = z.array(z.enum(REASON_CODES as [ReasonCode, ...ReasonCode[]]));

/** The claims of a decision receipt. */
export const decisionReceipt = z.strictObject({
  version: z.literal(1),
  /** The check's, as in every answer about it. */
  reference: z.uuidv4(),
  client: z.string().startsWith('cli_'),
  contract: z.enum(Object.keys(CONTRACTS) as [ContractName, ...ContractName[]]),
  result: z.strictObject({
    passed: z.boolean(),
    /** On the contract's scale, as printed; passed exactly when `confidence comparator threshold`. */
    confidence: z.number(),
    comparator: z.enum(['>', '>=']),
    threshold: z.number(),
    /** From 0 to 1, as summarised from the frames; null when none could be scored. */
    score: z.number().nullable(),
    reasons,
  }),
  /** The frames that were scored, in order of capture: SHA-256 of the bytes as they arrived. */
  frames: z.array(z.strictObject({ seq: z.int(), sha256: sha256.nullable(), score: z.number().nullable(), reasons })),
  profile: z.string().nullable(),
  models: z.array(z.strictObject({ id: z.string(), sha256 })),
  challenge: z.strictObject({ kind: z.enum(CHALLENGES), transcript_sha256: sha256.nullable() }),
  times: z.strictObject({
    created_at: time,
    started_at: time.nullable(),
    submitted_at: time.nullable(),
    decided_at: time,
  }),
});
export type DecisionReceipt = z.infer<typeof decisionReceipt>;

type DecisionFacts = Pick<DecisionReceipt, 'reference' | 'contract' | 'frames' | 'profile' | 'models'> &
  Pick<DecisionReceipt['result'], 'passed' | 'confidence' | 'threshold' | 'score' | 'reasons'> & {
    clientId: string;
    challenge: Challenge;
    transcriptSha256: string | null;
    createdAt: Date;
    startedAt: Date | null;
    submittedAt: Date | null;
    decidedAt: Date;
  };

/** The claims about a verdict. */
export function decisionClaims(facts: DecisionFacts): DecisionReceipt {
  const { reference, contract, passed, confidence, threshold, score, reasons: why, frames, profile, models } = facts;
  return {
    version: 1,
    reference,
    client: facts.clientId,
    contract,
    result: { passed, confidence, comparator: CONTRACTS[contract].comparator, threshold, score, reasons: why },
    frames,
    profile,
    models,
    challenge: { kind: facts.challenge, transcript_sha256: facts.transcriptSha256 },
    times: {
      created_at: facts.createdAt.toISOString(),
      started_at: facts.startedAt?.toISOString() ?? null,
      submitted_at: facts.submittedAt?.toISOString() ?? null,
      decided_at: facts.decidedAt.toISOString(),
    },
  };
}

const DELETION_CAUSES = ['retention', 'request', 'person'] as const;

/** The claims of a deletion receipt. */
export const deletionReceipt = z.strictObject({
  version: z.literal(1),
  reference: z.uuidv4(),
  client: z.string().startsWith('cli_'),
  /** Its time was over; the client asked for this check; the client asked for this person. */
  cause: z.enum(DELETION_CAUSES),
  /** What was deleted, and how many of each. */
  deleted: z.record(z.string(), z.int()),
  deleted_at: time,
  /** When the last key is destroyed that could open a copy of an image, wherever it is; null when no key was left. */
  unrecoverable_at: time.nullable(),
});
export type DeletionReceipt = z.infer<typeof deletionReceipt>;

type DeletionFacts = Pick<DeletionReceipt, 'reference' | 'cause' | 'deleted'> & {
  clientId: string;
  deletedAt: Date;
  unrecoverableAt: Date | null;
};

/** The claims about a deletion. */
export function deletionClaims(facts: DeletionFacts): DeletionReceipt {
  return {
    version: 1,
    reference: facts.reference,
    client: facts.clientId,
    cause: facts.cause,
    deleted: facts.deleted,
    deleted_at: facts.deletedAt.toISOString(),
    unrecoverable_at: facts.unrecoverableAt?.toISOString() ?? null,
  };
}

/** The claims of an audit seal. */
export const auditSeal = z.strictObject({
  version: z.literal(1),
  seal: z.int(),
  first_position: z.int(),
  last_position: z.int(),
  /** The last link under the seal, and SHA-256 of the lines under it, each with a line feed. */
  link: sha256,
  lines_sha256: sha256,
});
export type AuditSeal = z.infer<typeof auditSeal>;
