import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { captureClient } from '@livegate/test-kit/capture-client';
import { eventually } from '@livegate/test-kit/eventually';
import { genuineFace } from '@livegate/test-kit/faces';
import { integrator } from '@livegate/test-kit/integrator';
import { startService } from '@livegate/test-kit/processes';
import { startWebhookReceiver } from '@livegate/test-kit/webhook-receiver';
import { afterAll, expect, it } from 'vitest';

type Span = { traceId: string; name: string; kind: number; service: string };
type Attribute = { key: string; value: { stringValue?: string } };

/** A real OTLP receiver: what the exporter sends over HTTP, as JSON. */
async function startOtlpReceiver() {
  const spans: Span[] = [];
  let raw = '';
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    raw += text;
    if (request.url === '/v1/traces') {
      for (const resource of JSON.parse(text).resourceSpans ?? []) {
        const named = resource.resource.attributes.find(({ key }: Attribute) => key === 'service.name');
        const service = named?.value.stringValue;
        for (const scope of resource.scopeSpans) spans.push(...scope.spans.map((span: Span) => ({ ...span, service })));
      }
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterAll(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans, raw: () => raw };
}

it('makes one trace of the integrator’s request, the queue, the inference, the verdict and the webhook', async () => {
  const otlp = await startOtlpReceiver();
  const receiver = await startWebhookReceiver();
  afterAll(() => receiver.close());
  const dataDir = await mkdtemp(join(tmpdir(), 'livegate-trace-'));
  const server = startService('standalone', {
    LIVEGATE_PORT: '0',
    LIVEGATE_DATA_DIR: dataDir,
    LIVEGATE_CHILDREN: '1',
    OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_BSP_SCHEDULE_DELAY: '100',
  });
  const [, apiKey = ''] = await server.printed(/API key {3}(\S+)/);
  const [, url = ''] = await server.printed(/URL {7}(\S+)/);
  const check = await integrator({ url, apiKey }).create({ webhook_url: receiver.url });
  await captureClient(check.url).submit(await genuineFace());
  await eventually(() => receiver.received.length > 0);

  const wanted = [
    'POST /liveness_check',
    'add inference.inference',
    'process inference',
    'inference',
    'decide check',
    'deliver webhook',
    'POST',
  ];
  const names = await eventually(() => {
    const root = otlp.spans.find((span) => span.name === 'POST /liveness_check');
    const seen = new Set(otlp.spans.filter((span) => span.traceId === root?.traceId).map((span) => span.name));
    const missing = wanted.filter((name) => !seen.has(name));
    if (missing.length > 0)
      throw new Error(
        `missing ${missing}; in the trace: ${[...seen]}; in all: ${[...new Set(otlp.spans.map(({ name }) => name))]}`,
      );
    return seen;
  });
  expect([...names]).toEqual(expect.arrayContaining(wanted));
  // Nobody said what the service is called.
  expect(new Set(otlp.spans.map(({ service }) => service))).toEqual(new Set(['standalone']));

  const linkSecret = check.url.split('/').at(-1) as string;
  for (const secret of [apiKey, check.secret, check.token, linkSecret]) expect(otlp.raw()).not.toContain(secret);

  server.kill('SIGTERM');
  expect(await server.ended).toBe(0);
  await rm(dataDir, { recursive: true, force: true });
});
