/**
 * The one command that ends a check: state, terminal event and the duty to deliver it are one transaction. The
 * transition table, the unique terminal event and the row's conditions make a second end impossible.
 */
import { type CheckEvent, stateAfter, statesBefore, type TerminalState } from '@livegate/domain/check-state';
import type { FailureReason } from '@livegate/domain/failure';
import type { BoundingBox, Verdict } from '@livegate/domain/verdict';
import type { Queryable } from './database.ts';
import { countFailure } from './failures.ts';
import { startImageRetention } from './image-retention.ts';
import { type EventFacts, makeEvent } from './make-event.ts';

type Ending =
  | {
      event: Extract<CheckEvent, 'verdict'>;
      verdict: Verdict;
      score: number | null;
      boundingBox: BoundingBox | null;
      /** The data key, wrapped until the image retention ends; null when no image is kept. */
      keptDataKey: Buffer | null;
    }
  | {
      event: Extract<CheckEvent, 'fail'>;
      failureReason: FailureReason;
      reasons: string[];
      /** Refused unless the deadline has passed or a batch of the present attempt was given up. */
      onlyIfOverdue?: boolean;
    }
  | { event: Extract<CheckEvent, 'expire'> };

/**
 * Ends the check and returns its event id, or null when the transition was refused (it had ended, for `expire` a
 * submission came first, or it is not overdue). `buildBody` makes the exact bytes that are stored, signed and sent.
 */
export async function finishCheck(
  tx: Queryable,
  { checkId, ending, buildBody }: { checkId: string; ending: Ending; buildBody: (facts: EventFacts) => Buffer },
): Promise<string | null> {
  const state = stateAfter(ending.event) as TerminalState;
  const verdict = ending.event === 'verdict' ? ending : null;
  const failure = ending.event === 'fail' ? ending : null;
  const counts = verdict ? !verdict.verdict.passed : failure?.failureReason === 'attempts_exhausted';
  const counted = counts ? countFailure(tx, checkId) : null;
  const ended = tx.query(
    /* sql */ `update checks
                  set state = $2::check_state, finished_at = now(), passed = $4, confidence = $5, score = $6, reasons = $7,
                      failure_reason = $8, bounding_box = $9, session_digest = null, device_digest = null,
                      (model_profile, model_set) = (select model_profile, model_set from frame_batches batch
                                                     where batch.check_id = checks.id and batch.attempt = checks.attempt
                                                     order by scored_at desc nulls last limit 1),
                      images_expire_at = case when $10::bytea is not null
                        then now() + greatest(retention(client_id, 'probe'), retention(client_id, 'audit_images')) end,
                      data_key = $10
                where id = $1 and state = any($3::check_state[])
                  and ($2::check_state <> 'expired' or (submitted_at is null and link_expires_at <= now()))
                  and (not $11 or deadline_at <= now()
                       or exists (select from frame_batches batch
                                   where batch.check_id = checks.id and batch.attempt = checks.attempt
                                     and batch.given_up_at is not null))
            returning client_id, kind, token, reference, webhook_url, finished_at, traceparent, sandbox, steps_told`,
    [
      checkId,
      state,
      statesBefore(ending.event),
      verdict?.verdict.passed ?? null,
      verdict?.verdict.confidence ?? null,
      verdict?.score ?? null,
      verdict?.verdict.reasons ?? failure?.reasons ?? [],
      failure?.failureReason ?? null,
      verdict?.boundingBox ? JSON.stringify(verdict.boundingBox) : null,
      verdict?.keptDataKey ?? null,
      failure?.onlyIfOverdue ?? false,
    ],
  );
  const [{ rows }] = await Promise.all([ended, counted]);
  const check = rows[0];
  if (!check) return null;

  // Nothing of this waits for the rest: it leaves in one packet.
  const [, , eventId] = await Promise.all([
    verdict?.keptDataKey ? startImageRetention(tx, checkId) : null,
    giveUpUnscored(tx, checkId),
    makeEvent(
      tx,
      {
        checkId,
        clientId: check.client_id,
        event: state,
        terminal: true,
        token: check.token,
        reference: check.reference,
        createdAt: check.finished_at,
        sequence: check.steps_told + 1,
        ownUrl: check.webhook_url,
        // Who sent an instant check has its answer in hand; and nothing of the sandbox is real.
        toEndpoints: check.kind === 'hosted' && !check.sandbox,
        traceparent: check.traceparent,
      },
      buildBody,
    ),
  ]);
  return eventId;
}

/**
 * What nobody has scored is wanted by nobody any more: it must not count as waiting. One whose scores are being written at
 * this moment is left alone: waiting for it could be mutual.
 */
async function giveUpUnscored(tx: Queryable, checkId: string): Promise<void> {
  await tx.query(
    /* sql */ `update frame_batches set given_up_at = now(), last_failure = 'check_ended'
                where id in (select id from frame_batches
                              where check_id = $1 and scored_at is null and given_up_at is null for update skip locked)`,
    [checkId],
  );
}
