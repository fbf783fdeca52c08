/**
 * Loaded by `node --import` before anything else, because instrumentation has to see modules as they load. Metrics can
 * always be scraped; traces, and metrics over OTLP, leave when an endpoint is configured by the standard OTEL_* variables,
 * which only the SDK and this file read.
 */
import { register } from 'node:module';

if (process.env.OTEL_SDK_DISABLED !== 'true') {
  // Who says nothing still wants to tell the services apart: services/<name>/dist/main.js.
  if (!/service\.name=/.test(process.env.OTEL_RESOURCE_ATTRIBUTES ?? ''))
    process.env.OTEL_SERVICE_NAME ||= /services[/\\]([a-z-]+)[/\\]dist/.exec(process.argv[1] ?? '')?.[1] ?? 'livegate';
  if (
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT'].some(
      (name) => process.env[name],
    )
  ) {
    register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
    const { pushedReaders } = await import('./pushed-metrics.ts');
    const { scrapedReader } = await import('./scraped-metrics.ts');
    const { startSdk } = await import('./sdk.ts');
    startSdk({ metricReaders: [scrapedReader(), ...pushedReaders(process.env)] });
  } else {
    const { startScrapedMetrics } = await import('./scraped-metrics.ts');
    startScrapedMetrics();
  }
  const { observeProcess } = await import('./observe-process.ts');
  observeProcess();
}
