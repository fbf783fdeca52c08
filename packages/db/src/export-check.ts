/** Everything that is known of one check, for whom it concerns; secrets and digests are not. */
import type { Queryable } from './database.ts';

export type ExportedCheck = {
  checkId: string;
  check: Record<string, unknown>;
  frames: Record<string, unknown>[];
  transitions: Record<string, unknown>[];
  events: Record<string, unknown>[];
  deliveries: Record<string, unknown>[];
  receipt: string | null;
  held: boolean;
};

/** The client's check with this reference, or null. */
export async function exportCheck(
  db: Queryable,
  key: { clientId: string; reference: string; sandbox: boolean },
): Promise<ExportedCheck | null> {
  const { rows } = await db.query(
    /* sql */ `select id as "checkId",
                      json_build_object(
                        'reference', reference, 'token', token, 'contract', contract, 'kind', kind, 'state', state,
                        'challenge', challenge, 'threshold', threshold, 'audit_images', audit_images,
                        'return_url', return_url, 'webhook_url', webhook_url, 'attempt', attempt,
                        'attempts_allowed', attempts_allowed, 'created_at', created_at, 'link_expires_at', link_expires_at,
                        'started_at', started_at, 'submitted_at', submitted_at, 'finished_at', finished_at,
                        'passed', passed, 'confidence', confidence, 'score', score, 'reasons', reasons,
                        'failure_reason', failure_reason, 'bounding_box', bounding_box, 'model_profile', model_profile, 'model_set', model_set,
                        'images_expire_at', images_expire_at, 'collection_id', collection_id, 'capture_os', capture_os,
                        'sandbox', sandbox, 'scenario', scenario, 'has_person_reference', person_digest is not null,
                        'risk_signals', risk_signals, 'needs_review', needs_review,
                        'review_labels', (select coalesce(json_agg(label order by labelled_at), '[]')
                                            from reviews join review_labels given on given.review_id = reviews.id
                                           where reviews.check_id = checks.id and label is not null)) as check,
                      (select coalesce(json_agg(to_jsonb(frame) - 'check_id' - 'batch_id' - 'sha256' - 'fingerprint' - 'look'
                                                || jsonb_build_object('sha256', encode(sha256, 'hex')) order by attempt, seq), '[]')
                         from frames frame where check_id = checks.id) as frames,
                      (select coalesce(json_agg(json_build_object('from', from_state, 'event', event, 'to', to_state, 'at', at)
                                                order by sequence), '[]')
                         from check_transition_log where check_id = checks.id) as transitions,
                      (select coalesce(json_agg(json_build_object('id', id, 'type', type, 'created_at', created_at)), '[]')
                         from events where check_id = checks.id) as events,
                      (select coalesce(json_agg(json_build_object(
                                'id', id, 'event_id', event_id, 'endpoint_id', endpoint_id, 'url', url, 'attempts_made', attempts_made,
                                'created_at', created_at, 'delivered_at', delivered_at, 'dead_at', dead_at, 'dead_reason', dead_reason,
                                'attempts', (select coalesce(json_agg(json_build_object(
                                               'attempt', attempt, 'manual', manual, 'started_at', started_at, 'elapsed_ms', elapsed_ms, 'outcome', outcome,
                                               'status', status, 'error_code', error_code) order by attempt), '[]')
                                               from delivery_attempts where delivery_id = deliveries.id))), '[]')
                         from deliveries where check_id = checks.id) as deliveries,
                      (select jws from decision_receipts where check_id = checks.id) as receipt,
                      exists (select from legal_holds where check_id = checks.id) as held
                 from checks where reference = $1 and client_id = $2 and sandbox = $3`,
    [key.reference, key.clientId, key.sandbox],
  );
  return rows[0] ?? null;
}
