/** Telling again, and under new secrets: every copy of an event is the same, and is signed with the secrets of its own time. */
import { standardSignature } from '@livegate/crypto/webhook-signature';
import { MAX_OLD_SECRETS } from '@livegate/domain/delivery-limits';
import { eventually } from '@livegate/test-kit/eventually';
import type { Received, WebhookReceiver } from '@livegate/test-kit/webhook-receiver';
import { expect } from 'vitest';
import { isOpen, type ModelCheck } from './check-model.ts';
import type { Scene } from './steps.ts';

/** A check that has ended is told of again, to its own address and to the endpoint; one that has not has nothing to tell. */
export async function replayEvent(check: ModelCheck, { system, covered, endpoint }: Scene): Promise<void> {
  const eventId = await system.eventOf(check.real.id);
  if (isOpen(check) || eventId === null) {
    expect(eventId).toBeNull();
    const { status, body } = await system.post('/events/evt_none/replay', {});
    expect({ status, code: body.code }).toEqual({ status: 404, code: 'unknown_event' });
    covered.add('found no event to replay');
    return;
  }
  const receivers = [system.receiver, system.endpoint.receiver];
  // The automatic copy first, so that the next one is the replay's.
  for (const receiver of receivers) await eventually(() => copiesOf(eventId, receiver).length > 0);
  const before = receivers.map((receiver) => copiesOf(eventId, receiver).length);
  const { status, body } = await system.post(`/events/${eventId}/replay`, {});
  expect({ status, deliveries: (body.delivery_ids as string[]).length }).toEqual({ status: 202, deliveries: 2 });
  for (const [index, receiver] of receivers.entries()) {
    await eventually(() => copiesOf(eventId, receiver).length > (before[index] as number));
    const copies = copiesOf(eventId, receiver);
    for (const copy of copies) expect(copy.body.equals((copies[0] as Received).body)).toBe(true);
  }
  expectSignedBy(endpoint.secrets, copiesOf(eventId, system.endpoint.receiver).at(-1) as Received);
  covered.add('replayed an event');
}

/** With an overlap the old secrets go on signing beside the new one; without, they sign nothing more. */
export async function rotateSecret(_: ModelCheck, scene: Scene, overlapSeconds: number): Promise<void> {
  const { system, covered, endpoint } = scene;
  const kept = overlapSeconds === 0 ? [] : endpoint.secrets;
  const { status, body } = await system.post(`/webhook_endpoints/${system.endpoint.id}/rotate_secret`, {
    overlap_seconds: overlapSeconds,
  });
  if (kept.length > MAX_OLD_SECRETS) {
    expect(body.code).toBe('too_many_secrets');
    return;
  }
  expect(status).toBe(201);
  endpoint.secrets = [String(body.secret), ...kept];
  covered.add(overlapSeconds === 0 ? 'rotated at once' : 'rotated with overlap');
}

function copiesOf(eventId: string, receiver: WebhookReceiver): Received[] {
  return receiver.received.filter(({ headers }) => headers['webhook-id'] === eventId);
}

function expectSignedBy(secrets: readonly string[], { headers, body }: Received): void {
  const message = { id: String(headers['webhook-id']), timestampSeconds: Number(headers['webhook-timestamp']), body };
  const expected = secrets.map((secret) => standardSignature({ ...message, secret }));
  expect(String(headers['webhook-signature']).split(' ').sort()).toEqual(expected.sort());
}
