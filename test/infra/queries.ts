/** What dashboards and alert rules ask, taken out of their files; the grammar is Prometheus's own. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@livegate/test-kit/shared-files';
import { parser } from '@prometheus-io/lezer-promql';
import { parse } from 'yaml';

const infra = (...parts: string[]) => join(repositoryRoot, 'infra', ...parts);

type Target = { expr?: string; rawSql?: string };
type Panel = { title: string; targets?: Target[] };
type Dashboard = { uid: string; title: string; panels: Panel[]; annotations: { list: Target[] } };

export const dashboards = readdirSync(infra('grafana', 'dashboards')).map((file) => ({
  file,
  dashboard: JSON.parse(readFileSync(infra('grafana', 'dashboards', file), 'utf8')) as Dashboard,
}));

export const dashboardTargets = dashboards.flatMap(({ file, dashboard }) => [
  ...dashboard.panels.flatMap((panel) =>
    (panel.targets ?? []).map((target) => ({ where: `${file}: ${panel.title}`, ...target })),
  ),
  ...dashboard.annotations.list.map((target) => ({ where: `${file}: annotation`, ...target })),
]);

type Rule = {
  record?: string;
  alert?: string;
  expr: string;
  labels?: { severity: string };
  annotations?: { summary: string; runbook: string };
};
const alertFile = parse(readFileSync(infra('prometheus', 'alerts.yml'), 'utf8')) as { groups: { rules: Rule[] }[] };
export const rules = alertFile.groups.flatMap((group) => group.rules);
export const alerts = rules.filter((rule): rule is Rule & { alert: string } => rule.alert !== undefined);
export const faults = parse(readFileSync(infra('prometheus', 'alerts.test.yml'), 'utf8')) as {
  tests: { name: string; promql_expr_test: { exp_samples: { labels: string }[] }[] }[];
};

export const runbooks = readdirSync(infra('runbooks')).map((file) => ({
  file: `infra/runbooks/${file}`,
  text: readFileSync(infra('runbooks', file), 'utf8'),
}));

/** Metric names of an expression, and where it is not PromQL, the place. */
export function readPromql(expr: string): { metrics: string[]; faults: string[] } {
  // Grafana fills these in before Prometheus sees them.
  const text = expr.replace(/\$__(rate_interval|range|interval)/g, '5m');
  const found = { metrics: [] as string[], faults: [] as string[] };
  parser.parse(text).iterate({
    enter: (node) => {
      if (node.type.isError) found.faults.push(`${text} at ${node.from}`);
      if (node.name === 'Identifier' && node.node.parent?.name === 'VectorSelector') {
        found.metrics.push(text.slice(node.from, node.to));
      }
    },
  });
  return found;
}

/** Every metric the code has instruments for, as Prometheus shows them, and what Prometheus itself adds. */
export function knownMetrics(): Set<string> {
  const source = readFileSync(join(repositoryRoot, 'packages', 'telemetry', 'src', 'metrics.ts'), 'utf8');
  const known = new Set(['up', 'ALERTS', ...rules.flatMap(({ record }) => record ?? [])]);
  for (const [, kind, name] of source.matchAll(/create(\w+)\(\s*'([^']+)'/g)) {
    if (kind === 'Histogram') for (const suffix of ['bucket', 'sum', 'count']) known.add(`${name}_${suffix}`);
    else known.add(name as string);
  }
  return known;
}
