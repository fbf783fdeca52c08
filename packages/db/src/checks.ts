/** One row per liveness check. States move only by the commands of this file and of finish-check.ts. */
import type { Challenge } from '@livegate/domain/challenge';
import { BIRTH_STATE, type CheckKind, type CheckState, stateAfter, statesBefore } from '@livegate/domain/check-state';
import type { FailureReason } from '@livegate/domain/failure';
import { PROCESSING_LIMITS } from '@livegate/domain/processing-limits';
import type { ReasonCode } from '@livegate/domain/reasons';
import type { RiskPolicy, RiskSignal } from '@livegate/domain/risk-signals';
import type { ContractName } from '@livegate/domain/thresholds';
import type { BoundingBox } from '@livegate/domain/verdict';
import type { Queryable } from './database.ts';
import { CHANNELS } from './notifications.ts';

export type Check = {
  id: string;
  clientId: string;
  reference: string;
  token: string;
  contract: ContractName;
  kind: CheckKind;
  state: CheckState;
  challenge: Challenge;
  threshold: number;
  auditImages: number;
  returnUrl: string | null;
  webhookUrl: string | null;
  sessionDigest: Buffer | null;
  webhookSecret: Buffer | null;
  dataKey: Buffer | null;
  attempt: number;
  attemptsAllowed: number;
  attemptReason: ReasonCode | null;
  attemptWords: string | null;
  browserDigest: Buffer | null;
  /** A keyed hash of what the client calls the person. */
  personDigest: Buffer | null;
  consentedAt: Date | null;
  /** The person said that they cannot turn their head. */
  challengeDeclinedAt: Date | null;
  /** Evidence of injection, of the submission. */
  riskSignals: RiskSignal[];
  /** The client wants a person to look at it, because of them. */
  needsReview: boolean;
  linkExpiresAt: Date | null;
  submittedAt: Date | null;
  finishedAt: Date | null;
  passed: boolean | null;
  confidence: number | null;
  reasons: ReasonCode[];
  failureReason: FailureReason | null;
  boundingBox: BoundingBox | null;
  imagesExpireAt: Date | null;
  modelProfile: string | null;
  traceparent: string | null;
  /** By the database's clock; null before a submission. */
  secondsSinceSubmission: number | null;
  /** Made with a test key: it plays a scenario and reaches no model. */
  sandbox: boolean;
  scenario: string | null;
  /** The link ran out without a submission, by the database's clock: true even when the sweep has not come by yet. */
  linkExpired: boolean;
  /** Probe and audit images may still be read, by the database's clock. */
  imagesReadable: boolean;
};

const COLUMNS = /* sql */ `
  id, client_id as "clientId", reference, token, contract, kind, state, challenge, threshold,
  audit_images as "auditImages", return_url as "returnUrl", webhook_url as "webhookUrl",
  session_digest as "sessionDigest", webhook_secret as "webhookSecret", data_key as "dataKey",
  attempt, attempts_allowed as "attemptsAllowed", attempt_words as "attemptWords",
  attempt_reason as "attemptReason", browser_digest as "browserDigest", person_digest as "personDigest", consented_at as "consentedAt",
  challenge_declined_at as "challengeDeclinedAt", risk_signals as "riskSignals", needs_review as "needsReview",
  link_expires_at as "linkExpiresAt", submitted_at as "submittedAt", finished_at as "finishedAt",
  passed, confidence, reasons, failure_reason as "failureReason", bounding_box as "boundingBox",
  images_expire_at as "imagesExpireAt", model_profile as "modelProfile", traceparent, sandbox, scenario,
  extract(epoch from clock_timestamp() - submitted_at)::float8 as "secondsSinceSubmission",
  state in ('pending', 'in_progress') and submitted_at is null and link_expires_at <= now() as "linkExpired",
  coalesce(images_expire_at > now(), false) as "imagesReadable"`;

export type NewHostedCheck = Pick<
  Check,
  | 'id'
  | 'clientId'
  | 'reference'
  | 'token'
  | 'contract'
  | 'challenge'
  | 'threshold'
  | 'auditImages'
  | 'traceparent'
  | 'sandbox'
> & {
  returnUrl: string;
  webhookUrl: string | null;
  linkDigest: Buffer;
  webhookSecret: Buffer;
  dataKey: Buffer;
  linkValidMinutes: number;
};

/** Adds a hosted check; its link expires by the database's clock. */
export async function insertHostedCheck(db: Queryable, check: NewHostedCheck): Promise<void> {
  await db.query(
    /* sql */ `insert into checks (id, client_id, reference, token, contract, kind, state, challenge, threshold, audit_images,
                                   return_url, webhook_url, link_digest, webhook_secret, data_key, link_expires_at, traceparent, sandbox)
               values ($1, $2, $3, $4, $5, 'hosted', $6, $7, $8, $9, $10, $11, $12, $13, $14, now() + make_interval(mins => $15), $16, $17)`,
    [
      check.id,
      check.clientId,
      check.reference,
      check.token,
      check.contract,
      BIRTH_STATE.hosted,
      check.challenge,
      check.threshold,
      check.auditImages,
      check.returnUrl,
      check.webhookUrl,
      check.linkDigest,
      check.webhookSecret,
      check.dataKey,
      check.linkValidMinutes,
      check.traceparent,
      check.sandbox,
    ],
  );
}

/**
 * The client's hosted check with this token, or null: another client's token is as unknown as one never made, and so is
 * a sandbox check to a live key and a real one to a test key.
 */
export async function findCheckByToken(
  db: Queryable,
  key: { clientId: string; token: string; sandbox: boolean },
): Promise<Check | null> {
  const { rows } = await db.query(
    /* sql */ `select ${COLUMNS} from checks
                where token = $1 and client_id = $2 and sandbox = $3 and kind = 'hosted'`,
    [key.token, key.clientId, key.sandbox],
  );
  return rows[0] ?? null;
}

/** The check with this id, or null: for who has found it by other means. */
export async function findCheckById(db: Queryable, checkId: string): Promise<Check | null> {
  const { rows } = await db.query(/* sql */ `select ${COLUMNS} from checks where id = $1`, [checkId]);
  return rows[0] ?? null;
}

/** The check a capture link belongs to, or null: whoever has the link, of whichever client it is. */
export async function findCheckByLink(db: Queryable, linkDigest: Buffer): Promise<Check | null> {
  const { rows } = await db.query(/* sql */ `select ${COLUMNS} from check_of_link($1) as checks`, [linkDigest]);
  return rows[0] ?? null;
}

/** The check, its row locked until the transaction ends: capture steps of one check are taken one at a time. */
export async function lockCheck(tx: Queryable, checkId: string): Promise<Check> {
  const { rows } = await tx.query(/* sql */ `select ${COLUMNS} from checks where id = $1 for update`, [checkId]);
  if (!rows[0]) throw new Error(`check ${checkId} is gone`);
  return rows[0];
}

/** `browserDigest` binds the check to its first browser; consent is recorded once, when it is given. */
type CaptureStart = {
  checkId: string;
  sessionDigest: Buffer;
  browserDigest?: Buffer | null;
  /** A keyed hash of the browser, against which a failure counts. */
  deviceDigest?: Buffer | null;
  consent?: { version: string; locale: string } | null;
};

/**
 * Starts (or takes over) the capture of an open check whose link is valid. False when it is not: closed, submitted or
 * expired. Frames of an abandoned start of the same attempt are void: the caller deletes them in the same transaction.
 */
export async function startCapture(tx: Queryable, start: CaptureStart): Promise<boolean> {
  const { checkId, sessionDigest, browserDigest = null, deviceDigest = null, consent = null } = start;
  const { rowCount } = await tx.query(
    /* sql */ `update checks set state = $3, session_digest = $2, started_at = coalesce(started_at, now()),
                                 attempt_words = null, attempt_reason = null, browser_digest = coalesce(browser_digest, $5), device_digest = $8,
                                 consent_version = coalesce(consent_version, $6), consent_locale = coalesce(consent_locale, $7),
                                 consented_at = coalesce(consented_at, case when $6::text is not null then now() end)
                where id = $1 and (state = any($4::check_state[]) or state = $3)
                  and submitted_at is null and link_expires_at > now() and not sandbox`,
    [
      checkId,
      sessionDigest,
      stateAfter('start'),
      statesBefore('start'),
      browserDigest,
      consent?.version ?? null,
      consent?.locale ?? null,
      deviceDigest,
    ],
  );
  return rowCount === 1;
}

/**
 * Accepts a submission: one conditional update on the database's clock decides between this and expiry. Returns false
 * when expiry, another submission or another session came first.
 */
export async function acceptSubmission(
  tx: Queryable,
  { checkId, sessionDigest, riskSignals = [] }: { checkId: string; sessionDigest: Buffer; riskSignals?: RiskSignal[] },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    /* sql */ `update checks set submitted_at = now(), deadline_at = now() + make_interval(secs => $3), risk_signals = $4
                where id = $1 and state = 'in_progress' and submitted_at is null
                  and session_digest = $2 and link_expires_at > now()`,
    [checkId, sessionDigest, PROCESSING_LIMITS.verdictSeconds, riskSignals],
  );
  return rowCount === 1;
}

/**
 * Hands a submission that could not be evaluated back to the person for another attempt, with words that help. False
 * when no attempt or no time is left: then the check has to fail.
 */
export async function returnAttempt(
  tx: Queryable,
  { checkId, reason, words }: { checkId: string; reason: ReasonCode | null; words: string },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    /* sql */ `update checks set attempt = attempt + 1, submitted_at = null, deadline_at = null, session_digest = null,
                                 attempt_words = $2, attempt_reason = $3
                where id = $1 and state = 'in_progress' and submitted_at is not null
                  and attempt < attempts_allowed and link_expires_at > now()`,
    [checkId, words, reason],
  );
  return rowCount === 1;
}

/**
 * Notes that the person cannot turn their head. Where the client lets such a check go on, it has no challenge from now
 * on. Returns whether it does; false as well for a check that is no longer open.
 */
export async function declineChallenge(tx: Queryable, checkId: string): Promise<boolean> {
  const { rows } = await tx.query(
    /* sql */ `update checks set challenge_declined_at = coalesce(challenge_declined_at, now()),
                                 challenge = case when client.turn_alternative = 'still' then 'none' else challenge end
                 from clients client
                where checks.id = $1 and client.id = checks.client_id and challenge = 'turn' and not checks.sandbox
                  and state in ('pending', 'in_progress') and submitted_at is null and link_expires_at > now()
            returning challenge = 'none' as continues`,
    [checkId],
  );
  return rows[0]?.continues ?? false;
}

/** Records the signals of a submission, and gives what the client makes of signals. */
export async function recordRiskSignals(
  tx: Queryable,
  { checkId, signals, isStrong }: { checkId: string; signals: readonly RiskSignal[]; isStrong: boolean },
): Promise<RiskPolicy> {
  const { rows } = await tx.query(
    /* sql */ `update checks set risk_signals = $2, needs_review = $3 and client.risk_policy = 'review' from clients client
                where checks.id = $1 and client.id = checks.client_id returning client.risk_policy as policy`,
    [checkId, signals, isStrong],
  );
  return rows[0].policy;
}

/** Hosted checks whose submission is wholly scored and that await their verdict, oldest first. */
export async function listChecksToDecide(db: Queryable, limit: number): Promise<string[]> {
  return listIds(
    db,
    /* sql */ `select id from checks
                where state = 'in_progress' and submitted_at is not null and kind = 'hosted'
                  and not exists (select from frame_batches batch
                                   where batch.check_id = checks.id and batch.attempt = checks.attempt
                                     and batch.scored_at is null)
                order by submitted_at limit $1`,
    limit,
  );
}

/** Whether every batch of the current submission is scored: decided again under the check's lock. */
export async function isWhollyScored(tx: Queryable, checkId: string): Promise<boolean> {
  const { rows } = await tx.query(
    /* sql */ `select count(*) filter (where batch.scored_at is null) = 0 as scored
                 from checks join frame_batches batch on batch.check_id = checks.id and batch.attempt = checks.attempt
                where checks.id = $1 and checks.submitted_at is not null`,
    [checkId],
  );
  return rows[0].scored;
}

/**
 * Wakes lifecycle at the commit, if the check has been submitted; else its finish will. The check is locked, so that no finish
 * comes between this look and the commit: one of the two sees the other.
 */
export async function announceScores(tx: Queryable, checkId: string): Promise<void> {
  await tx.query(
    // Not as a condition: it would be tried before the lock, on what was true then.
    /* sql */ `select case when submitted_at is not null then pg_notify($1, id) end
                 from (select id, submitted_at from checks where id = $2 for share) as scored`,
    [CHANNELS.submissionScored, checkId],
  );
}

/** Open checks whose link expired before a submission was accepted. */
export async function listChecksToExpire(db: Queryable, limit: number): Promise<string[]> {
  return listIds(
    db,
    /* sql */ `select id from checks
                where state in ('pending', 'in_progress') and submitted_at is null and link_expires_at <= now()
                order by link_expires_at limit $1`,
    limit,
  );
}

/** Submitted checks past their deadline, or with a batch that was given up, each with the reason to fail it. */
export async function listChecksToFail(
  db: Queryable,
  limit: number,
): Promise<{ checkId: string; failureReason: FailureReason }[]> {
  const { rows } = await db.query(
    /* sql */ `select id, given_up
                 from (select checks.id, checks.deadline_at,
                              exists (select from frame_batches batch
                                       where batch.check_id = checks.id and batch.attempt = checks.attempt
                                         and batch.given_up_at is not null) as given_up
                         from checks where state = 'in_progress') as open_checks
                where given_up or deadline_at <= now()
                order by deadline_at limit $1`,
    [limit],
  );
  return rows.map((row) => ({ checkId: row.id, failureReason: row.given_up ? 'processing_error' : 'deadline' }));
}

/** Those of the checks that can have no frame: gone, or without the key that would open one. */
export async function listChecksWithoutFrames(db: Queryable, checkIds: readonly string[]): Promise<string[]> {
  const { rows } = await db.query(
    /* sql */ `select given.id from unnest($1::text[]) as given(id)
                where not exists (select from checks where checks.id = given.id and checks.data_key is not null)`,
    [checkIds],
  );
  return rows.map((row) => row.id);
}

/** Forgets the data key of a check, so that no copy of its images can be read through this row again. */
export async function dropDataKey(tx: Queryable, checkId: string): Promise<void> {
  await tx.query(/* sql */ `update checks set data_key = null where id = $1`, [checkId]);
}

async function listIds(db: Queryable, sql: string, limit: number): Promise<string[]> {
  const { rows } = await db.query(sql, [limit]);
  return rows.map((row) => row.id as string);
}
