/** Steps on the way to a check's end: told to endpoints that name them, and to nobody else. */
import { webhookEvent } from '@livegate/contracts/webhook-event';
import { newApiKey, parseApiKey } from '@livegate/crypto/api-key';
import { createApiKey } from '@livegate/db/clients';
import { captureClient } from '@livegate/test-kit/capture-client';
import { eventually } from '@livegate/test-kit/eventually';
import { genuineFace } from '@livegate/test-kit/faces';
import { integrator } from '@livegate/test-kit/integrator';
import { startStack } from '@livegate/test-kit/stack';
import { startWebhookReceiver, type WebhookReceiver } from '@livegate/test-kit/webhook-receiver';
import { afterAll, expect, it } from 'vitest';

const stack = await startStack();
const receivers: WebhookReceiver[] = [];
afterAll(() => Promise.all(receivers.map((receiver) => receiver.close())));

async function aReceiver() {
  const receiver = await startWebhookReceiver();
  receivers.push(receiver);
  /** What it heard, in the order of the check's own story. */
  const heard = () =>
    receiver.received
      .map(({ body }) => webhookEvent.parse(JSON.parse(body.toString())))
      .sort((a, b) => a.sequence - b.sequence)
      .map(({ sequence, event }) => [sequence, event]);
  return { url: receiver.url, heard };
}

const call = async (method: string, path: string, body?: object, apiKey = stack.apiKey) => {
  const response = await fetch(stack.url + path, {
    method,
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: response.status, body: await response.json() };
};

it('are each told once, in their place, to who named them', async () => {
  const [curious, usual, own] = [await aReceiver(), await aReceiver(), await aReceiver()];
  const events = ['opened', 'in_progress', 'cancelled', 'complete'];
  expect(await call('POST', '/webhook_endpoints', { url: curious.url, events })).toMatchObject({
    status: 201,
    body: { events },
  });
  expect((await call('POST', '/webhook_endpoints', { url: usual.url })).status).toBe(201);

  const { token, url } = await integrator(stack).create({ webhook_url: own.url });
  await fetch(url);
  await fetch(url);
  const person = captureClient(url);
  await person.start();
  await captureClient(url).abandon();
  expect((await call('GET', '/events?type=cancelled')).body.events).toEqual([]);
  await person.abandon();
  await person.abandon();
  await person.submit(await genuineFace());
  await integrator(stack).untilDone(token);

  const end = [4, 'complete'];
  await eventually(async () => expect([usual.heard(), own.heard()]).toEqual([[end], [end]]));
  await eventually(async () =>
    expect(curious.heard()).toEqual([[1, 'opened'], [2, 'in_progress'], [3, 'cancelled'], end]),
  );
  expect((await call('GET', '/events?type=cancelled')).body.events).toMatchObject([{ token, sequence: 3 }]);

  // Once it is over nothing more happens on the way.
  await fetch(url);
  await person.abandon();
  expect(curious.heard()).toHaveLength(4);
});

it('are not told of the sandbox', async () => {
  const curious = await aReceiver();
  await call('POST', '/webhook_endpoints', { url: curious.url, events: ['opened'] });
  const testKey = newApiKey('test');
  const key = parseApiKey(testKey);
  const { rows } = await stack.db.query(`select id from clients where name = 'default'`);
  if (key) await createApiKey(stack.db, { clientId: rows[0].id, ...key });
  await fetch((await integrator({ url: stack.url, apiKey: testKey }).create()).url);
  await fetch((await integrator(stack).create()).url);
  await eventually(async () => expect(curious.heard()).toEqual([[1, 'opened']]));
  expect(
    (
      await stack.db.query(
        `select from events where type = 'opened' and check_id in (select id from checks where sandbox)`,
      )
    ).rowCount,
  ).toBe(0);
});
