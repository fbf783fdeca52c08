/** Decision receipts: what a verdict rests on, read from the rows that made it, signed, and kept beside it. */
import type { Challenge } from '@livegate/domain/challenge';
import type { ReasonCode } from '@livegate/domain/reasons';
import type { ContractName } from '@livegate/domain/thresholds';
import type { Queryable } from './database.ts';
import type { ModelSet } from './model-sets.ts';

/** Everything that a receipt says. Hashes are SHA-256 in hexadecimal. */
export type DecisionFacts = {
  reference: string;
  clientId: string;
  contract: ContractName;
  threshold: number;
  passed: boolean;
  confidence: number;
  score: number | null;
  reasons: ReasonCode[];
  challenge: Challenge;
  /** Null without a challenge. */
  transcriptSha256: string | null;
  profile: string | null;
  /** Of every recorded set that scored a batch of the attempt. */
  models: ModelSet['models'][number][];
  frames: { seq: number; sha256: string | null; score: number | null; reasons: ReasonCode[] }[];
  createdAt: Date;
  startedAt: Date | null;
  submittedAt: Date | null;
  decidedAt: Date;
};

type Issue = { checkId: string; sign: (facts: DecisionFacts) => Promise<string> };

/**
 * Signs the verdict of a check, in the transaction that reached it. A check of the sandbox gets no receipt: nothing was
 * scored, and a signed `passed` is not something to play with. Returns whether one was issued.
 */
export async function issueReceipt(tx: Queryable, { checkId, sign }: Issue): Promise<boolean> {
  const facts = await findDecision(tx, checkId);
  if (!facts) return false;
  await tx.query(/* sql */ `insert into decision_receipts (check_id, jws) values ($1, $2)`, [
    checkId,
    await sign(facts),
  ]);
  return true;
}

/** The receipt of a check (compact JWS), or null when it has none. */
export async function findReceipt(db: Queryable, checkId: string): Promise<string | null> {
  const { rows } = await db.query(/* sql */ `select jws from decision_receipts where check_id = $1`, [checkId]);
  return rows[0]?.jws ?? null;
}

async function findDecision(tx: Queryable, checkId: string): Promise<DecisionFacts | null> {
  const { rows } = await tx.query(
    /* sql */ `select reference, client_id as "clientId", contract, threshold, passed, confidence, score, reasons, challenge,
                      case when challenge <> 'none'
                           then encode(sha256(convert_to(challenge_transcript(id)::text, 'utf8')), 'hex') end as "transcriptSha256",
                      model_profile as profile, created_at as "createdAt", started_at as "startedAt",
                      submitted_at as "submittedAt", finished_at as "decidedAt",
                      coalesce((select jsonb_agg(distinct model.value)
                                  from frame_batches batch join model_sets on digest = batch.model_set,
                                       jsonb_array_elements(model_sets.models) as model
                                 where batch.check_id = checks.id and batch.attempt = checks.attempt), '[]') as models,
                      coalesce((select json_agg(json_build_object('seq', seq, 'sha256', encode(sha256, 'hex'),
                                                                  'score', frame.score, 'reasons', frame.reasons) order by seq)
                                  from frames frame
                                 where frame.check_id = checks.id and frame.attempt = checks.attempt
                                   and frame.scored_at is not null), '[]') as frames
                 from checks where id = $1 and state = 'complete' and not sandbox`,
    [checkId],
  );
  return rows[0] ?? null;
}
