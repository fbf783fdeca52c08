/**
 * Loaded by `node --import` before anything else, because instrumentation has to see modules as they load. Exports over
 * OTLP when an endpoint is configured by the standard OTEL_* variables, which only the SDK and this file read.
 */
import { register } from 'node:module';

const configured = [
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT',
].some((name) => process.env[name]);

if (configured && process.env.OTEL_SDK_DISABLED !== 'true') {
  register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
  const { startSdk } = await import('./sdk.ts');
  startSdk();
}
