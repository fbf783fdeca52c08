import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createEgress } from '@livegate/egress/fetch-public';
import { context, propagation } from '@opentelemetry/api';
import { afterAll, expect, it, vi } from 'vitest';
import { startSdk } from './sdk.ts';
import { stopTelemetry } from './shutdown.ts';
import { inSpan } from './spans.ts';
import { currentTraceparent } from './trace-context.ts';

const received: { headers: IncomingHttpHeaders; body: string }[] = [];
const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  received.push({ headers: request.headers, body });
  response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
afterAll(() => void server.close());

it('traces a request to a stranger, who hears nothing of the trace', async () => {
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', `${url}/collector`);
  vi.stubEnv('OTEL_EXPORTER_OTLP_PROTOCOL', 'http/json');
  vi.stubEnv('OTEL_LOGS_EXPORTER', 'none');
  startSdk({ metricReaders: [] });
  const egress = createEgress({ mode: 'development' });
  const secret = propagation.setBaggage(context.active(), propagation.createBaggage({ person: { value: 'p-1' } }));
  let traceparent: string | null = null;
  await context.with(secret, () =>
    inSpan({ name: 'deliver webhook' }, async () => {
      traceparent = currentTraceparent();
      const body = Buffer.from('hello');
      const limits = { deadlineMs: 10_000, maxResponseBytes: 1_000 };
      await egress.request({ url: `${url}/hook`, method: 'POST', headers: { 'x-own': 'kept' }, body, ...limits });
    }),
  );
  expect(traceparent).not.toBeNull();
  const [hook] = received.splice(0);
  expect(hook).toMatchObject({ body: 'hello', headers: { 'x-own': 'kept' } });
  for (const name of ['traceparent', 'tracestate', 'baggage']) expect(hook?.headers).not.toHaveProperty(name);

  await egress.close();
  await stopTelemetry();
  const spans = received.map(({ body }) => body).join('');
  expect(spans).toContain('"deliver webhook"');
  expect(spans).toContain(`"url.full","value":{"stringValue":"${url}"}`);
  vi.unstubAllEnvs();
});
