/** Instant checks: one image, answered in the request that brought it. */
import { BIRTH_STATE, type CheckState } from '@livegate/domain/check-state';
import type { FailureReason } from '@livegate/domain/failure';
import { randomAlphanumeric } from '@livegate/domain/ids';
import type { ReasonCode } from '@livegate/domain/reasons';
import type { RiskSignal } from '@livegate/domain/risk-signals';
import type { ContractName } from '@livegate/domain/thresholds';
import type { DetectedFace } from '@livegate/domain/verdict';
import type { Queryable } from './database.ts';

export type NewInstantCheck = {
  id: string;
  clientId: string;
  reference: string;
  contract: ContractName;
  threshold: number;
  /** Null: no image is kept, not even while it is scored. */
  dataKey: Buffer | null;
  deadlineSeconds: number;
  collectionId: string | null;
  captureOs: string | null;
  traceparent: string | null;
  /** Made with a test key: the scenario it plays. */
  scenario: string | null;
};

/** Adds an instant check, submitted from its birth, with its deadline by the database's clock. */
export async function insertInstantCheck(tx: Queryable, check: NewInstantCheck): Promise<void> {
  await tx.query(
    /* sql */ `insert into checks (id, client_id, reference, token, contract, kind, state, challenge, threshold, audit_images,
                                   data_key, started_at, submitted_at, deadline_at, attempts_allowed, collection_id, capture_os, traceparent, sandbox, scenario)
               values ($1, $2, $3, $4, $5, 'instant', $6, 'none', $7, 0, $8, now(), now(), now() + make_interval(secs => $9), 1, $10, $11, $12, $13::text is not null, $13)`,
    [
      check.id,
      check.clientId,
      check.reference,
      randomAlphanumeric(32),
      check.contract,
      BIRTH_STATE.instant,
      check.threshold,
      check.dataKey,
      check.deadlineSeconds,
      check.collectionId,
      check.captureOs,
      check.traceparent,
      check.scenario,
    ],
  );
}

export type InstantOutcome = {
  state: CheckState;
  passed: boolean | null;
  confidence: number | null;
  reasons: ReasonCode[];
  riskSignals: RiskSignal[];
  needsReview: boolean;
  failureReason: FailureReason | null;
  createdAt: Date;
  finishedAt: Date | null;
  /** Pixels of the image after orientation, and all faces found in it; null when it could not be read. */
  width: number | null;
  height: number | null;
  faces: DetectedFace[] | null;
  /** The signed decision receipt; null until there is a verdict, and in the sandbox. */
  receipt: string | null;
};

/** How an instant check ended, or where it stands. */
export async function getInstantOutcome(db: Queryable, checkId: string): Promise<InstantOutcome> {
  const { rows } = await db.query(
    /* sql */ `select state, passed, confidence, checks.reasons, risk_signals as "riskSignals", needs_review as "needsReview", failure_reason as "failureReason", checks.created_at as "createdAt",
                      finished_at as "finishedAt", frames.width, frames.height, frames.faces, receipt.jws as receipt
                 from checks left join frames on frames.check_id = checks.id
                             left join decision_receipts receipt on receipt.check_id = checks.id where checks.id = $1`,
    [checkId],
  );
  if (!rows[0]) throw new Error(`check ${checkId} is gone`);
  return rows[0];
}

/** Which of these checks have ended: the safety net under NOTIFY. */
export async function listEnded(db: Queryable, checkIds: readonly string[]): Promise<string[]> {
  const { rows } = await db.query(/* sql */ `select ended_checks($1) as id`, [checkIds]);
  return rows.map((row) => row.id as string);
}

/** Seconds for which the oldest batch has waited that nobody has in hand, of a check that still wants it; 0 when none waits. */
export async function oldestWaitSeconds(db: Queryable): Promise<number> {
  const { rows } = await db.query(/* sql */ `select oldest_wait_seconds() as seconds`);
  return rows[0].seconds;
}

/** Whether the collection is this client's. */
export async function hasCollection(
  db: Queryable,
  { clientId, collectionId }: { clientId: string; collectionId: string },
): Promise<boolean> {
  const { rowCount } = await db.query(/* sql */ `select from collections where id = $1 and client_id = $2`, [
    collectionId,
    clientId,
  ]);
  return rowCount === 1;
}
