/** One check with all that happened to it, for who looks after the system; no image, no secret, nothing of the person. */
import type { Queryable } from './database.ts';

export type CheckTimeline = {
  check: Record<string, unknown>;
  transitions: unknown[];
  steps: unknown[];
  batches: unknown[];
  frames: unknown[];
};

// A traceparent is 00-<trace>-<span>-<flags>.
const TRACE_ID = (table: string) => `split_part(${table}.traceparent, '-', 2)`;

// As JavaScript prints a date: what Postgres makes of one in JSON has an offset in place of the Z.
const at = (column: string) => `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** Null when there is no such check. */
export async function findCheckTimeline(db: Queryable, checkId: string): Promise<CheckTimeline | null> {
  const { rows } = await db.query(
    /* sql */ `select jsonb_build_object(
                        'token', checks.token, 'challenge', checks.challenge, 'challengeDeclinedAt', ${at('checks.challenge_declined_at')},
                        'score', checks.score, 'attempt', checks.attempt, 'attemptsAllowed', checks.attempts_allowed,
                        'attemptReason', checks.attempt_reason, 'riskSignals', checks.risk_signals, 'needsReview', checks.needs_review,
                        'modelProfile', checks.model_profile,
                        'models', coalesce((select models from model_sets where digest = checks.model_set), '[]'),
                        'linkExpiresAt', ${at('checks.link_expires_at')}, 'startedAt', ${at('checks.started_at')},
                        'submittedAt', ${at('checks.submitted_at')}, 'deadlineAt', ${at('checks.deadline_at')},
                        'imagesExpireAt', ${at('checks.images_expire_at')},
                        'imagesReadable', coalesce(checks.images_expire_at > now(), false) and checks.data_key is not null,
                        'legalHold', exists (select from legal_holds where check_id = checks.id),
                        'hasReceipt', exists (select from decision_receipts where check_id = checks.id),
                        'traceId', ${TRACE_ID('checks')}) as check,
                      (select coalesce(jsonb_agg(jsonb_build_object('from', from_state, 'event', event, 'to', to_state, 'at', ${at('at')})
                                                 order by sequence), '[]')
                         from check_transition_log where check_id = checks.id) as transitions,
                      (select coalesce(jsonb_agg(jsonb_build_object('attempt', attempt, 'step', step, 'prompt', prompt, 'holdMs', hold_ms,
                                                 'revealedAt', ${at('revealed_at')}, 'ended', ended) order by attempt, step), '[]')
                         from challenge_steps where check_id = checks.id and revealed_at is not null) as steps,
                      (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'attempt', attempt, 'generation', generation,
                                                 'attemptsStarted', attempts_started, 'crashes', crashes, 'createdAt', ${at('created_at')},
                                                 'enqueuedAt', ${at('enqueued_at')}, 'scoredAt', ${at('scored_at')}, 'givenUpAt', ${at('given_up_at')},
                                                 'lastFailure', last_failure, 'modelProfile', batch.model_profile, 'traceId', ${TRACE_ID('batch')},
                                                 'frames', (select count(*) from frames where batch_id = batch.id))
                                                 order by created_at, id), '[]')
                         from frame_batches batch where check_id = checks.id) as batches,
                      (select coalesce(jsonb_agg(jsonb_build_object('attempt', attempt, 'seq', seq, 'batchId', batch_id, 'bytes', bytes,
                                                 'receivedAt', ${at('received_at')}, 'scoredAt', ${at('scored_at')}, 'score', frame.score,
                                                 'reasons', frame.reasons, 'role', role, 'step', step) order by attempt, seq), '[]')
                         from frames frame where check_id = checks.id) as frames
                 from checks where id = $1`,
    [checkId],
  );
  return rows[0] ?? null;
}
