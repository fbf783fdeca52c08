/** The story of one attempt: sign → send → classify → record. */
import { createHash } from 'node:crypto';
import { SealBroken } from '@livegate/crypto/envelope';
import type { KeyRing } from '@livegate/crypto/key-ring';
import type { ClaimedDelivery } from '@livegate/db/deliveries';
import type { Clock } from '@livegate/domain/clock';
import { keyPurpose } from '@livegate/domain/key-purpose';
import { EgressError } from '@livegate/egress/egress-error';
import type { Egress } from '@livegate/egress/fetch-public';
import { deliveryAttempted, firstAttemptEnded } from '@livegate/telemetry/events';
import type { Logger } from '@livegate/telemetry/logger';
import { inSpan } from '@livegate/telemetry/spans';
import { withTraceparent } from '@livegate/telemetry/trace-context';
import { buildRequest } from './build-request.ts';
import { type AttemptResult, classifyResponse, healthOf } from './classify-response.ts';
import type { AttemptRecorder } from './record-attempts.ts';
import { redactResponse } from './redact-response.ts';

export type DeliverDeps = {
  recorder: AttemptRecorder;
  egress: Egress;
  keyRing: KeyRing;
  clock: Clock;
  random: () => number;
  logger: Logger;
};

type Sent = { result: AttemptResult; dialledAddress: string | null; response: Buffer | null };

export async function deliverWebhook(deps: DeliverDeps, delivery: ClaimedDelivery): Promise<void> {
  const attempt = delivery.attemptsMade + 1;
  const scheduleStep = delivery.scheduleStep + 1;
  const startedAt = deps.clock.now();
  const begun = performance.now();
  const sent = await withTraceparent(delivery.traceparent, () =>
    inSpan(
      {
        name: 'deliver webhook',
        attributes: { 'livegate.delivery': delivery.deliveryId, 'livegate.attempt': attempt },
      },
      () => send(deps, delivery, startedAt),
    ),
  );
  const elapsedMs = Math.round(performance.now() - begun);
  const verdict = classifyResponse(sent.result, { step: scheduleStep, random: deps.random(), now: startedAt });
  const status = sent.result.kind === 'answered' ? sent.result.status : null;
  const errorCode = sent.result.kind === 'failed' ? sent.result.code : null;
  await deps.recorder.record({
    ...delivery,
    pathHash: hashPath(delivery.url),
    attempt,
    scheduleStep,
    startedAt,
    elapsedMs,
    outcome: verdict.outcome,
    deadReason: verdict.outcome === 'dead' ? verdict.why : null,
    health: healthOf(sent.result),
    status,
    errorCode,
    dialledAddress: sent.dialledAddress,
    response: sent.response,
    retryInSeconds: verdict.outcome === 'retry' ? verdict.inSeconds : null,
  });
  deliveryAttempted({ outcome: verdict.outcome });
  if (attempt === 1) firstAttemptEnded({ seconds: delivery.ageSeconds + elapsedMs / 1_000 });
  deps.logger.info('webhook_attempt', {
    delivery: delivery.deliveryId,
    event: delivery.eventId,
    attempt,
    manual: delivery.manual,
    probe: delivery.probe,
    outcome: verdict.outcome,
    why: verdict.outcome === 'dead' ? verdict.why : undefined,
    status: status ?? undefined,
    code: errorCode ?? undefined,
    ms: elapsedMs,
  });
}

async function send(deps: DeliverDeps, delivery: ClaimedDelivery, now: Date): Promise<Sent> {
  try {
    const secrets = openSecrets(deps.keyRing, delivery);
    // The secret was forgotten after the replay window: nothing unsigned ever leaves.
    if (!secrets) return { result: { kind: 'failed', code: 'no_secret' }, dialledAddress: null, response: null };
    const request = buildRequest({ ...delivery, secrets, now });
    const answer = await deps.egress.request(request);
    return {
      result: { kind: 'answered', status: answer.status, headers: answer.headers },
      dialledAddress: answer.dialledAddress,
      response: redactResponse(answer.body, [
        request.headers.Signature,
        ...request.headers['webhook-signature'].split(' '),
      ]),
    };
  } catch (error) {
    // A key directory that was lost or swapped: tried again like an outage, and ended by the same horizon.
    if (error instanceof SealBroken)
      return { result: { kind: 'failed', code: error.code }, dialledAddress: null, response: null };
    if (!(error instanceof EgressError)) throw error;
    return { result: { kind: 'failed', code: error.code }, dialledAddress: error.dialled, response: null };
  }
}

function openSecrets(keyRing: KeyRing, delivery: ClaimedDelivery): [string, ...string[]] | null {
  const { clientId, checkId, endpointId } = delivery;
  const purpose =
    endpointId === null ? keyPurpose.webhookSecret(clientId, checkId) : keyPurpose.endpointSecret(clientId, endpointId);
  const [newest, ...older] = delivery.secrets.map((wrapped) => keyRing.unwrap(wrapped, purpose).toString('utf8'));
  return newest === undefined ? null : [newest, ...older];
}

/** Tells two addresses of one origin apart in the log without showing a path, in which receivers keep tokens. */
function hashPath(url: string): string {
  const { pathname, search } = new URL(url);
  return createHash('sha256')
    .update(pathname + search)
    .digest('hex');
}
