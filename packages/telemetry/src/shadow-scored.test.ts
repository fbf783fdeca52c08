import { metrics } from '@opentelemetry/api';
import { metrics as sdk } from '@opentelemetry/sdk-node';
import { afterAll, expect, it } from 'vitest';

const exporter = new sdk.InMemoryMetricExporter(sdk.AggregationTemporality.CUMULATIVE);
const reader = new sdk.PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 });
const provider = new sdk.MeterProvider({ readers: [reader] });
metrics.setGlobalMeterProvider(provider);
// After the provider is set: instruments belong to the one that is there when they are made.
const { shadowScored } = await import('./events.ts');
afterAll(() => provider.shutdown());

it('counts what a shadow would have changed, and how far it was from the live score', async () => {
  for (const [live, score] of [
    [0.9, 0.8],
    [0.2, 0.6],
    [0.6, 0.59],
    [0.7, null],
  ] as const)
    shadowScored({ shadow: 'candidate', live, score });
  await reader.forceFlush();
  const instruments = exporter
    .getMetrics()
    .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
  const byName = (name: string) => instruments.find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? [];
  const outcomes = byName('lv_shadow_frames_total').map(({ attributes, value }) => [attributes.outcome, value]);
  expect(Object.fromEntries(outcomes)).toEqual({ agrees: 1, would_accept: 1, would_refuse: 1, failed: 1 });
  const differences = byName('lv_shadow_score_difference').map(({ attributes, value }) => {
    const { count, sum } = value as { count: number; sum: number };
    return [attributes.direction, count, Math.round(sum * 100) / 100];
  });
  expect(differences).toEqual([
    ['lower', 2, 0.11],
    ['higher', 1, 0.4],
  ]);
});
