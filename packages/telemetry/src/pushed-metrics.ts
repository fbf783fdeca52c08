/** Metrics that leave over OTLP, by the standard variables: the SDK reads them only where it makes every reader itself. */
import { OTLPMetricExporter as GrpcExporter } from '@opentelemetry/exporter-metrics-otlp-grpc';
import { OTLPMetricExporter as JsonExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as ProtobufExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';

type Environment = Readonly<Record<string, string | undefined>>;

/** The reader that pushes; none when OTEL_METRICS_EXPORTER is `none`. */
export function pushedReaders(env: Environment): PeriodicExportingMetricReader[] {
  if (env.OTEL_METRICS_EXPORTER === 'none') return [];
  const exporter = openExporter(env.OTEL_EXPORTER_OTLP_METRICS_PROTOCOL ?? env.OTEL_EXPORTER_OTLP_PROTOCOL);
  const interval = Number(env.OTEL_METRIC_EXPORT_INTERVAL);
  return [
    new PeriodicExportingMetricReader(
      interval > 0
        ? { exporter, exportIntervalMillis: interval, exportTimeoutMillis: Math.min(interval, 30_000) }
        : { exporter },
    ),
  ];
}

function openExporter(protocol: string | undefined) {
  switch (protocol) {
    case 'grpc':
      return new GrpcExporter();
    case 'http/json':
      return new JsonExporter();
    default:
      return new ProtobufExporter();
  }
}
