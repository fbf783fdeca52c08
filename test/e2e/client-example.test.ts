import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckWish } from '@livegate/client/livegate-client';
import type { CreateResponse } from '@livegate/contracts/globaldata';
import type { WebhookEvent } from '@livegate/contracts/webhook-event';
import { captureClient } from '@livegate/test-kit/capture-client';
import { eventually } from '@livegate/test-kit/eventually';
import { genuineFace } from '@livegate/test-kit/faces';
import { repositoryRoot } from '@livegate/test-kit/shared-files';
import { startStack } from '@livegate/test-kit/stack';
import { startWebhookReceiver } from '@livegate/test-kit/webhook-receiver';
import { afterAll, expect, it } from 'vitest';

type Example = {
  start(order: string, wish: CheckWish): Promise<CreateResponse>;
  isLive(token: string): Promise<boolean>;
  onWebhook(secret: string, headers: object, body: Buffer): WebhookEvent | null;
};

const stack = await startStack();
const receiver = await startWebhookReceiver();
afterAll(() => receiver.close());

/** The example as the README prints it. */
async function example(): Promise<Example> {
  const readme = await readFile(join(repositoryRoot, 'packages/client/README.md'), 'utf8');
  const code = /```js\n([\s\S]+?)```/.exec(readme)?.[1] as string;
  const folder = join(repositoryRoot, 'test/e2e/.artifacts');
  const file = join(folder, 'client-example.mjs');
  await mkdir(folder, { recursive: true });
  await writeFile(file, code);
  process.env.LIVEGATE_URL = stack.url;
  process.env.LIVEGATE_API_KEY = stack.apiKey;
  return import(/* @vite-ignore */ file);
}

it('does what the client’s README says', async () => {
  const { start, isLive, onWebhook } = await example();
  const wish = {
    return_url: 'https://example.com/return',
    webhook_url: receiver.url,
    threshold: 60,
    challenge: 'none' as const,
  };
  const check = await start('order-1', wish);
  expect(await start('order-1', wish)).toEqual(check);
  await captureClient(check.url).submit(await genuineFace());
  expect(await isLive(check.token)).toBe(true);
  const delivery = await eventually(() => {
    const [first] = receiver.received;
    if (!first) throw new Error('no webhook yet');
    return first;
  });
  expect(onWebhook(check.secret, delivery.headers, delivery.body)).toMatchObject({
    event: 'complete',
    token: check.token,
  });
  expect(onWebhook(check.secret, delivery.headers, Buffer.concat([delivery.body, Buffer.from(' ')]))).toBeNull();
});
