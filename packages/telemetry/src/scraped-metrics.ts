/** Metrics that are kept here until somebody scrapes them. */
import { metrics } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { onScrape } from './scrape.ts';

/** A reader for the SDK that answers scrapes; it listens on no port of its own. */
export function scrapedReader(): PrometheusExporter {
  const reader = new PrometheusExporter({ preventServerStart: true, withoutScopeInfo: true, withoutTargetInfo: true });
  onScrape((request, response) => reader.getMetricsRequestHandler(request, response));
  return reader;
}

/** Metrics alone, without tracing and without an exporter: what runs where no collector is configured. */
export function startScrapedMetrics(): void {
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [scrapedReader()] }));
}
