import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '@livegate/test-kit/shared-files';
import { describe, expect, it } from 'vitest';
import { alerts, dashboards, dashboardTargets, faults, knownMetrics, readPromql, rules, runbooks } from './queries.ts';

const run = promisify(execFile);
const known = knownMetrics();
const strangers = (expr: string) => readPromql(expr).metrics.filter((name) => !known.has(name));

describe('readPromql', () => {
  it('finds metrics and no labels or functions, and says where something is not PromQL', () => {
    expect(readPromql('sum by (job) (rate(a_total{b="c"}[$__rate_interval])) / on (x) b_c')).toEqual({
      metrics: ['a_total', 'b_c'],
      faults: [],
    });
    expect(strangers('max(lv_no_such_metric)')).toEqual(['lv_no_such_metric']);
    expect(readPromql('sum(rate(a[5m])').faults).not.toEqual([]);
  });
});

describe('dashboards', () => {
  it('are found with the themes they must cover', () => {
    expect(dashboards.map(({ file }) => file).sort()).toEqual([
      'capture-funnel.json',
      'deliveries.json',
      'inference.json',
      'overview.json',
      'queues.json',
      'retention-and-keys.json',
    ]);
    expect(new Set(dashboards.map(({ dashboard }) => dashboard.uid)).size).toBe(dashboards.length);
  });

  it('ask for nothing but metrics that the code has, in valid PromQL', () => {
    const asked = dashboardTargets.filter((target) => target.expr !== undefined);
    expect(asked.length).toBeGreaterThan(60);
    for (const { where, expr = '' } of asked) {
      expect(readPromql(expr).faults, where).toEqual([]);
      expect(strangers(expr), where).toEqual([]);
    }
  });

  it('show every instrument somewhere, or an alert watches it', () => {
    const used = new Set([...dashboardTargets, ...rules].flatMap(({ expr = '' }) => readPromql(expr).metrics));
    const unused = [...known].filter(
      (name) => /^(lv|http|process)_/.test(name) && !used.has(name) && !/_(sum|count|bucket)$/.test(name),
    );
    expect(unused).toEqual([]);
  });
});

describe('alerts', () => {
  it('ask for nothing but metrics that the code has, in valid PromQL', () => {
    for (const { alert, record, expr } of rules) {
      expect(readPromql(expr).faults, alert ?? record).toEqual([]);
      expect(strangers(expr), alert ?? record).toEqual([]);
    }
  });

  it('each have a severity, words and a runbook that exists and names the alert', () => {
    for (const { alert, labels, annotations } of alerts) {
      expect(['page', 'ticket'], alert).toContain(labels?.severity);
      expect(annotations?.summary.length, alert).toBeGreaterThan(20);
      const runbook = runbooks.find(({ file }) => file === annotations?.runbook);
      expect(runbook?.text, `${alert}: ${annotations?.runbook}`).toContain(`\`${alert}\``);
    }
  });

  it('are all that runbooks name, and no runbook is without one', () => {
    const named = new Set(alerts.map(({ annotations }) => annotations?.runbook));
    expect(runbooks.map(({ file }) => file).filter((file) => !named.has(file))).toEqual([]);
    for (const { file, text } of runbooks) {
      const listed = (/^Alerts?: (.*)$/m.exec(text)?.[1] ?? '').match(/`(\w+)`/g) ?? [];
      const belonging = alerts.filter(({ annotations }) => annotations?.runbook === file).map(({ alert }) => alert);
      expect(listed.map((quoted) => quoted.slice(1, -1)).sort(), file).toEqual(belonging.sort());
    }
  });

  it('link to runbooks that exist', () => {
    for (const { file, text } of runbooks) {
      for (const [, target] of text.matchAll(/\]\(([^)]+)\)/g)) {
        expect(existsSync(join(repositoryRoot, 'infra', 'runbooks', target as string)), `${file}: ${target}`).toBe(
          true,
        );
      }
    }
  });

  it('each fire in a simulated fault', () => {
    const firing = faults.tests.flatMap(({ promql_expr_test: [test] }) => test?.exp_samples ?? []);
    const fired = new Set(firing.map(({ labels }) => /alertname="(\w+)"/.exec(labels)?.[1]));
    expect(alerts.map(({ alert }) => alert).filter((alert) => !fired.has(alert))).toEqual([]);
  });

  it('fire as the simulated faults say, and nothing else does: promtool', { timeout: 300_000 }, async (context) => {
    const promtool = await run('promtool', ['--version']).catch(() => null);
    if (!promtool) {
      process.stderr.write('\n*** SKIPPED: no promtool (Debian: prometheus): no simulated fault was played ***\n\n');
      return context.skip();
    }
    await run('promtool', ['check', 'config', 'infra/prometheus/prometheus.yml'], { cwd: repositoryRoot });
    const { stdout, stderr } = await run('promtool', ['test', 'rules', 'infra/prometheus/alerts.test.yml'], {
      cwd: repositoryRoot,
    }).catch((error: { stdout: string; stderr: string }) => error);
    expect(stdout + stderr).toContain('SUCCESS');
  });
});
