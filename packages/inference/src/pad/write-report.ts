/** One HTML file that stands alone: no scripts, nothing loaded, no images of people. */
import { drawDetCurve } from './draw-det-curve.ts';
import type { ErrorRate } from './error-rates.ts';
import { type Evaluation, OPERATING_POINT, ratesAt, STRICT_POINT } from './evaluation.ts';
import {
  formatGap,
  formatLargest,
  formatNonResponse,
  formatPercent,
  formatRate,
  formatRateOfScored,
} from './format-rate.ts';
import type { ScoredPresentation } from './score-tree.ts';

/** Enough to look at by hand. */
const WORST_LISTED = 25;

/** The report as HTML. */
export function writeReport(evaluation: Evaluation): string {
  const { presentations, profile, models, subjects } = evaluation;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Presentation attack detection: ${escapeHtml(profile)}</title>
<style>body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#111}
table{border-collapse:collapse;margin:.5rem 0 1.5rem}td,th{border:1px solid #ccc;padding:.25rem .6rem;text-align:left}
svg{max-width:36rem;height:auto}</style></head><body>
<h1>Presentation attack detection, profile ${escapeHtml(profile)}</h1>
<p>${presentations.length} presentations${subjects === null ? '' : ` of ${subjects} subjects`}. Rates as ISO/IEC 30107-3 defines
them, proportions of all presentations; accepted means score &ge; threshold. &ldquo;At most&rdquo; is the exact one-sided
95 % bound (Clopper-Pearson), rounded up, which takes presentations as independent. Non-response (APNRR, BPNRR): no score was reached.
&ldquo;Of scored&rdquo; gives the gates no credit. This is a measurement, not a certification.</p>
${[OPERATING_POINT, STRICT_POINT].map((threshold) => operatingPoint(evaluation, threshold)).join('\n')}
<h2>Fairness: BPCER at ${OPERATING_POINT.toFixed(2)} by group</h2>${comparisons(evaluation)}
<h2>Across thresholds</h2>${acrossThresholds(evaluation)}
<h2>Detection error trade-off</h2>${drawDetCurve(presentations)}
<p>Over scored presentations; dots at 0.60 and 0.70. Research habits, over pooled attacks and without bounds:
EER ${evaluation.eer === null ? 'none' : formatPercent(evaluation.eer)}, AUC ${evaluation.auc?.toFixed(4) ?? 'none'}.</p>
<h2>Worst misses</h2>
<h3>Attacks accepted, highest score first</h3>${worst(presentations, true)}
<h3>Bona fide refused, lowest score first</h3>${worst(presentations, false)}
<h2>Not scored</h2>${notScored(presentations)}
<h2>Models</h2>${table(
    ['id', 'SHA-256'],
    models.map(({ id, sha256 }) => [id, sha256]),
  )}
</body></html>
`;
}

function operatingPoint(evaluation: Evaluation, threshold: number): string {
  const { bonaFide, species, maxApcer } = ratesAt(evaluation, threshold);
  const row = (name: string, rate: ErrorRate) => [
    name,
    formatRate(rate),
    formatRateOfScored(rate),
    formatNonResponse(rate),
  ];
  const rows = Object.entries(species).map(([name, rate]) => row(`APCER ${name}`, rate));
  rows.push(row('BPCER', bonaFide));
  const acer = formatPercent((maxApcer.rate + bonaFide.rate) / 2);
  return `<h2>At ${threshold.toFixed(2)}</h2>${table(['', 'rate', 'of scored', 'non-response'], rows)}
<p>Largest APCER ${formatLargest(maxApcer)}. ACER (a research habit, without a bound) ${acer}.</p>`;
}

function comparisons({ comparisons: all }: Evaluation): string {
  return all
    .map(({ property, groups, gap, unmeasured }) => {
      const rows = groups.map(({ name, from, to, rate }) => [
        name,
        from === undefined || to === undefined ? '' : `${from.toFixed(0)} to ${to.toFixed(0)}`,
        formatRate(rate),
        formatNonResponse(rate),
      ]);
      const heading = `<h3>By ${escapeHtml(property)}: gap ${formatGap(gap)}</h3>`;
      return `${heading}${table(['group', 'range', 'BPCER', 'non-response'], rows)}<p>Not measured: ${unmeasured}.</p>`;
    })
    .join('\n');
}

function acrossThresholds({ byThreshold }: Evaluation): string {
  const names = Object.keys(byThreshold[0]?.rates.species ?? {});
  const rows = byThreshold.map(({ threshold, rates }) => [
    threshold.toFixed(2),
    ...names.map((name) => formatRate(rates.species[name] as ErrorRate)),
    formatRate(rates.bonaFide),
  ]);
  return table(['threshold', ...names.map((name) => `APCER ${name}`), 'BPCER'], rows);
}

function worst(presentations: readonly ScoredPresentation[], isAttack: boolean): string {
  const misses = presentations
    .flatMap(({ name, species, score }) => (score !== null && (species !== null) === isAttack ? [{ name, score }] : []))
    .filter(({ score }) => score >= OPERATING_POINT === isAttack)
    .sort((a, b) => (isAttack ? b.score - a.score : a.score - b.score) || (a.name < b.name ? -1 : 1));
  const rows = misses.slice(0, WORST_LISTED).map(({ name, score }) => [name, score.toFixed(4)]);
  return `${table(['file', 'score'], rows)}<p>${rows.length} of ${misses.length} listed.</p>`;
}

function notScored(presentations: readonly ScoredPresentation[]): string {
  const counts = new Map<string, number>();
  for (const { species, score, reasons } of presentations) {
    if (score !== null) continue;
    for (const reason of reasons) {
      const key = `${species ?? 'bona fide'}\n${reason}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  const rows = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, count]) => [...key.split('\n'), `${count}`]);
  return table(['presentations', 'reason', 'count'], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (tag: string, values: readonly string[]) =>
    `<tr>${values.map((value) => `<${tag}>${escapeHtml(value)}</${tag}>`).join('')}</tr>`;
  return `<table>${cells('th', head)}${rows.map((row) => cells('td', row)).join('')}</table>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
