import { verifyWebhook } from '@livegate/client/verify-webhook';
import { legacySignature } from '@livegate/crypto/webhook-signature';
import { captureClient } from '@livegate/test-kit/capture-client';
import { eventually } from '@livegate/test-kit/eventually';
import { attackFace, emptyRoom, genuineFace } from '@livegate/test-kit/faces';
import { integrator } from '@livegate/test-kit/integrator';
import { startStack } from '@livegate/test-kit/stack';
import { type Received, startWebhookReceiver, type WebhookReceiver } from '@livegate/test-kit/webhook-receiver';
import { Webhook } from 'standardwebhooks';
import { afterAll, describe, expect, inject, it } from 'vitest';

const redisUrl = inject('redisUrl');
const backends = [{ queue: 'Postgres', redis: null }, ...(redisUrl ? [{ queue: 'Redis', redis: redisUrl }] : [])];
const face = await genuineFace();

describe.each(backends)('a hosted check with BullMQ on $queue', async ({ redis }) => {
  const stack = await startStack({ redisUrl: redis });
  const backend = integrator(stack);
  const receiver = await startWebhookReceiver();
  afterAll(() => receiver.close());
  const someWebhooks = (count: number, token: string): Received[] => {
    const seen = webhooksOf(receiver, token);
    if (seen.length < count) throw new Error(`${seen.length} of ${count} webhooks arrived`);
    return seen;
  };

  it('goes from create to a passed result with images and one signed webhook', async () => {
    const check = await backend.create({ webhook_url: receiver.url, audit_images: 2, threshold: 60 });
    expect((await backend.get(check.token)).body).toEqual({
      status: 'pending',
      token: check.token,
      reference: check.reference,
    });

    await captureClient(check.url).submit(face);
    const { status, body } = await backend.untilDone(check.token);

    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'complete',
      reference: check.reference,
      result: { passed: true, threshold: 60, reasons: [] },
    });
    expect(body.result.confidence).toBeGreaterThan(60);
    expect(body.result.checked_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(Buffer.from(body.result.image.replace('data:image/jpeg;base64,', ''), 'base64')).toEqual(face);
    expect(body.result.audit_images).toHaveLength(2);
    for (const box of [body.result.bounding_box, body.result.audit_images[0].bounding_box]) {
      expect(box.left + box.width).toBeLessThanOrEqual(1);
      expect(box.width * box.height).toBeGreaterThan(0.02);
    }

    const [webhook] = await eventually(() => someWebhooks(1, check.token));
    const text = webhook?.body.toString() as string;
    expect(JSON.parse(text)).toMatchObject({
      event: 'complete',
      token: check.token,
      reference: check.reference,
      sequence: 1,
    });
    expect(webhook?.headers.signature).toBe(legacySignature({ secret: check.secret, body: webhook?.body as Buffer }));
    new Webhook(check.secret).verify(text, webhook?.headers as Record<string, string>);
    const verified = verifyWebhook({
      secret: check.secret,
      headers: webhook?.headers ?? {},
      body: webhook?.body as Buffer,
    });
    expect(verified).toMatchObject({ event: 'complete', token: check.token });
    await eventually(async () => {
      const { rows } = await stack.db.query(
        'select delivered_at is not null as delivered from deliveries where url = $1',
        [receiver.url],
      );
      return rows.every((row) => row.delivered);
    });
    expect(webhooksOf(receiver, check.token)).toHaveLength(1);
  });

  it.each(['minivision-image_F1', 'minivision-image_F2', 'vietmoney-fake_003'] as const)(
    'never passes the attack %s',
    async (name) => {
      const attack = await attackFace(name);
      if (!attack) return;
      const check = await backend.create({ threshold: 60 });
      await captureClient(check.url).submit(attack);
      const status = await eventually(async () => {
        const { body } = await captureClient(check.url).status();
        return body.state === 'processing' ? false : body.state;
      });
      const { body } = await backend.get(check.token);
      if (status === 'retry') expect(body.status).toBe('in_progress');
      else
        expect(body).toMatchObject({ status: 'complete', result: { passed: false, reasons: ['PRESENTATION_ATTACK'] } });
    },
  );

  it('gives a person without a face in the picture three attempts, then fails, and never passes', async () => {
    const room = await emptyRoom();
    const check = await backend.create({ webhook_url: receiver.url, threshold: 0 });
    const person = captureClient(check.url);
    for (const attempt of [1, 2, 3]) {
      await person.submit(room);
      await eventually(async () => (await person.status()).body.state !== 'processing');
      if (attempt < 3)
        expect((await person.status()).body).toMatchObject({
          state: 'retry',
          attempt: attempt + 1,
          words: expect.stringContaining('oval'),
        });
    }
    const { status, body } = await backend.untilDone(check.token);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'failed',
      failure_reason: 'attempts_exhausted',
      result: { passed: false, confidence: 0, reasons: ['NO_FACE'] },
    });
    expect(body.result).not.toHaveProperty('image');
    const [webhook] = await eventually(() => someWebhooks(1, check.token));
    expect(JSON.parse(webhook?.body.toString() ?? '')).toMatchObject({ event: 'failed' });
    expect(
      (
        await stack.db.query('select from frame_blobs where check_id = (select id from checks where token = $1)', [
          check.token,
        ])
      ).rowCount,
    ).toBe(0);
  });

  it('expires a link that nobody used: 410 at once, and the expired event', async () => {
    const check = await backend.create({ webhook_url: receiver.url });
    await stack.db.query(`update checks set link_expires_at = now() where token = $1`, [check.token]);
    const answer = await backend.get(check.token);
    expect(answer.status).toBe(410);
    expect(answer.body).toEqual({ status: 'expired', reference: check.reference });
    const [webhook] = await eventually(() => someWebhooks(1, check.token));
    expect(JSON.parse(webhook?.body.toString() ?? '')).toMatchObject({ event: 'expired', token: check.token });
    expect((await captureClient(check.url).start()).status).toBe(410);
  });

  it('keeps showing the result without images when their time is over', async () => {
    const check = await backend.create({ audit_images: 1 });
    await captureClient(check.url).submit(face);
    const before = await backend.untilDone(check.token);
    expect(before.body.result.image).toBeDefined();
    await stack.db.query(`update checks set images_expire_at = now() where token = $1`, [check.token]);
    const after = await backend.get(check.token);
    const { image, audit_images, ...rest } = before.body.result;
    expect(after.body.result).toEqual({ ...rest, images_expired_at: expect.any(String) });
  });

  it('tells account-level endpoints, too, through a rotation of their secret, and again on demand', async () => {
    const heard = await startWebhookReceiver();
    const call = async (method: string, path: string, body?: object) => {
      const response = await fetch(stack.url + path, {
        method,
        headers: { authorization: `Bearer ${stack.apiKey}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: response.status === 204 ? null : await response.json() };
    };
    const { body: endpoint } = await call('POST', '/webhook_endpoints', { url: heard.url, events: ['expired'] });
    const { body: rotated } = await call('POST', `/webhook_endpoints/${endpoint.id}/rotate_secret`);
    const check = await backend.create({ webhook_url: receiver.url });
    await stack.db.query(`update checks set link_expires_at = now() where token = $1`, [check.token]);
    const [first] = await eventually(() => received(heard, 1));
    await eventually(() => someWebhooks(1, check.token));
    const body = first?.body as Buffer;
    for (const secret of [endpoint.secret, rotated.secret]) {
      new Webhook(secret).verify(body.toString(), first?.headers as Record<string, string>);
    }
    expect(first?.headers.signature).toBe(legacySignature({ secret: rotated.secret, body }));

    const { body: listed } = await call('GET', '/events?limit=1');
    expect(listed.events[0]).toMatchObject({ id: first?.headers['webhook-id'], type: 'expired', token: check.token });
    const settled = await eventually(async () => {
      const answer = await call('GET', `/events/${listed.events[0].id}`);
      return answer.body.deliveries.every(({ state }: { state: string }) => state === 'delivered')
        ? answer.body
        : false;
    });
    const mine = settled.deliveries.find(({ endpoint_id }: { endpoint_id: string }) => endpoint_id === endpoint.id);
    expect((await call('POST', `/events/${settled.id}/replay`, { delivery_id: mine.id })).status).toBe(202);
    const [, again] = await eventually(() => received(heard, 2));
    expect(again?.headers['webhook-id']).toBe(settled.id);
    expect(again?.body).toEqual(body);
    expect(webhooksOf(receiver, check.token)).toHaveLength(1);
    await call('DELETE', `/webhook_endpoints/${endpoint.id}`);
    await heard.close();
  });

  it('delivers again after a receiver’s bad moment, under the same id', async () => {
    receiver.answerWith(500);
    const check = await backend.create({ webhook_url: receiver.url });
    await stack.db.query(`update checks set link_expires_at = now() where token = $1`, [check.token]);
    const seen = await eventually(() => someWebhooks(2, check.token));
    expect(seen[0]?.headers['webhook-id']).toBe(seen[1]?.headers['webhook-id']);
    expect(seen[0]?.body).toEqual(seen[1]?.body);
  });
});

function webhooksOf(receiver: WebhookReceiver, token: string): Received[] {
  return receiver.received.filter((message) => message.body.includes(token));
}

function received(receiver: WebhookReceiver, count: number): Received[] {
  if (receiver.received.length !== count) throw new Error(`${receiver.received.length} of ${count} webhooks arrived`);
  return receiver.received;
}
