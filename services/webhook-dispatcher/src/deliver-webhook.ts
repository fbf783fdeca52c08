/** The story of one attempt: sign → send → classify → record. */
import { SealBroken } from '@livegate/crypto/envelope';
import type { KeyRing } from '@livegate/crypto/key-ring';
import type { Database } from '@livegate/db/database';
import { type ClaimedDelivery, recordAttempt } from '@livegate/db/deliveries';
import type { Clock } from '@livegate/domain/clock';
import { keyPurpose } from '@livegate/domain/key-purpose';
import { EgressError } from '@livegate/egress/egress-error';
import type { Egress } from '@livegate/egress/fetch-public';
import { deliveryAttempted, firstAttemptEnded } from '@livegate/telemetry/events';
import type { Logger } from '@livegate/telemetry/logger';
import { inSpan } from '@livegate/telemetry/spans';
import { withTraceparent } from '@livegate/telemetry/trace-context';
import { buildRequest } from './build-request.ts';
import { type AttemptResult, classifyResponse } from './classify-response.ts';

export type DeliverDeps = {
  db: Database;
  egress: Egress;
  keyRing: KeyRing;
  clock: Clock;
  random: () => number;
  logger: Logger;
};

type Sent = { result: AttemptResult; dialledAddress: string | null; response: Buffer | null };

// What is kept of an answer for the delivery log.
const STORED_RESPONSE_BYTES = 16 * 1024;

export async function deliverWebhook(deps: DeliverDeps, delivery: ClaimedDelivery): Promise<void> {
  const attempt = delivery.attemptsMade + 1;
  const startedAt = deps.clock.now();
  const sent = await withTraceparent(delivery.traceparent, () =>
    inSpan(
      {
        name: 'deliver webhook',
        attributes: { 'livegate.delivery': delivery.deliveryId, 'livegate.attempt': attempt },
      },
      () => send(deps, delivery, startedAt),
    ),
  );
  const elapsedMs = deps.clock.now().getTime() - startedAt.getTime();
  const verdict = classifyResponse(sent.result, { attemptsMade: attempt, random: deps.random(), now: startedAt });
  await deps.db.transaction((tx) =>
    recordAttempt(tx, {
      deliveryId: delivery.deliveryId,
      attempt,
      startedAt,
      elapsedMs: Math.max(0, elapsedMs),
      outcome: verdict.outcome,
      status: sent.result.kind === 'answered' ? sent.result.status : null,
      errorCode: sent.result.kind === 'failed' ? sent.result.code : null,
      dialledAddress: sent.dialledAddress,
      response: sent.response,
      retryInSeconds: verdict.outcome === 'retry' ? verdict.inSeconds : null,
    }),
  );
  deliveryAttempted({ outcome: verdict.outcome });
  if (attempt === 1) firstAttemptEnded({ seconds: delivery.ageSeconds + elapsedMs / 1_000 });
  deps.logger.info('webhook_attempt', {
    delivery: delivery.deliveryId,
    event: delivery.eventId,
    attempt,
    outcome: verdict.outcome,
    why: verdict.outcome === 'dead' ? verdict.why : undefined,
    status: sent.result.kind === 'answered' ? sent.result.status : undefined,
    code: sent.result.kind === 'failed' ? sent.result.code : undefined,
    ms: elapsedMs,
  });
}

async function send({ egress, keyRing }: DeliverDeps, delivery: ClaimedDelivery, now: Date): Promise<Sent> {
  const purpose = keyPurpose.webhookSecret(delivery.clientId, delivery.checkId);
  try {
    const secret = keyRing.unwrap(delivery.webhookSecret, purpose).toString('utf8');
    const answer = await egress.request(buildRequest({ ...delivery, secret, now }));
    return {
      result: { kind: 'answered', status: answer.status, headers: answer.headers },
      dialledAddress: answer.dialledAddress,
      response: answer.body.subarray(0, STORED_RESPONSE_BYTES),
    };
  } catch (error) {
    // A key directory that was lost or swapped: tried again like an outage, and ended by the same horizon.
    if (error instanceof SealBroken)
      return { result: { kind: 'failed', code: error.code }, dialledAddress: null, response: null };
    if (!(error instanceof EgressError)) throw error;
    return { result: { kind: 'failed', code: error.code }, dialledAddress: error.dialled, response: null };
  }
}
