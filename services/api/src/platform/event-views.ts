/** Rows as the wire shows them. */
import type { DeliveryAttemptView, DeliverySummary, EventSummary } from '@livegate/contracts/events';
import type { ListedAttempt, ListedDelivery, ListedEvent } from '@livegate/db/events';

export function showEvent({ id, type, token, reference, sequence, createdAt }: ListedEvent): EventSummary {
  return { id, type, token, reference, sequence, created_at: createdAt.toISOString() };
}

export function showDelivery(delivery: ListedDelivery): DeliverySummary {
  return {
    id: delivery.id,
    event_id: delivery.eventId,
    endpoint_id: delivery.endpointId,
    origin: delivery.origin,
    state: delivery.state,
    attempts_made: delivery.attemptsMade,
    created_at: delivery.createdAt.toISOString(),
    next_attempt_at: delivery.nextAttemptAt?.toISOString() ?? null,
    delivered_at: delivery.deliveredAt?.toISOString() ?? null,
    dead_at: delivery.deadAt?.toISOString() ?? null,
    dead_reason: delivery.deadReason,
  };
}

export function showAttempt(attempt: ListedAttempt): DeliveryAttemptView {
  return {
    number: attempt.number,
    manual: attempt.manual,
    started_at: attempt.startedAt.toISOString(),
    elapsed_ms: attempt.elapsedMs,
    outcome: attempt.outcome,
    status: attempt.status,
    error_code: attempt.errorCode,
    dialled_address: attempt.dialledAddress,
    path_hash: attempt.pathHash,
    response: attempt.response?.toString('utf8') ?? null,
    next_attempt_at: attempt.nextAttemptAt?.toISOString() ?? null,
  };
}
