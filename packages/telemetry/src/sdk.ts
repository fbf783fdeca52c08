/** The OpenTelemetry SDK with the instrumentations of what the services use. */
import { ExpressInstrumentation } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { IORedisInstrumentation } from '@opentelemetry/instrumentation-ioredis';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import type { MetricReader } from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { scrubPath } from './redact.ts';
import { onTelemetryStop } from './shutdown.ts';

const HEALTH_PATHS = ['/livez', '/readyz', '/startupz', '/metrics'];

/** Starts tracing and metrics. Statements and polls without a parent are not traced. */
export function startSdk({ metricReaders }: { metricReaders: MetricReader[] }): void {
  const sdk = new NodeSDK({
    metricReaders,
    instrumentations: [
      new HttpInstrumentation({
        ignoreIncomingRequestHook: (request) => HEALTH_PATHS.includes(request.url ?? ''),
        // The capture link and the token travel in URLs: neither may reach a span.
        startIncomingSpanHook: (request) => {
          const path = scrubPath(request.url ?? '');
          return { 'http.target': path, 'http.url': path, 'url.path': path, 'url.query': '' };
        },
      }),
      new ExpressInstrumentation(),
      new PgInstrumentation({ requireParentSpan: true, enhancedDatabaseReporting: false }),
      new IORedisInstrumentation({ requireParentSpan: true, dbStatementSerializer: (command) => command }),
      new UndiciInstrumentation({
        requireParentforSpans: true,
        // A receiver's path is as good as a password to some: a span says which machine, and no more.
        startSpanHook: ({ origin }) => ({ 'url.full': origin, 'url.path': '', 'url.query': '' }),
        // Only egress uses undici: receivers and image hosts are strangers, whom our traces do not concern.
        requestHook: (_, request) => {
          request.addHeader = () => undefined;
        },
      }),
    ],
  });
  sdk.start();
  onTelemetryStop(() => sdk.shutdown());
}
