/** What `pad` prints for people. */
import { type Evaluation, OPERATING_POINT, ratesAt, STRICT_POINT } from './evaluation.ts';
import { formatGap, formatLargest, formatNonResponse, formatPercent, formatRate } from './format-rate.ts';

/** Lines for a terminal. */
export function formatTable(evaluation: Evaluation): string {
  const lines = [`profile ${evaluation.profile}, ISO/IEC 30107-3, exact one-sided 95 % bounds`];
  for (const threshold of [OPERATING_POINT, STRICT_POINT]) {
    const { bonaFide, species, maxApcer } = ratesAt(evaluation, threshold);
    lines.push('', `at ${threshold.toFixed(2)}`);
    for (const [name, rate] of Object.entries(species))
      lines.push(`  APCER ${name}: ${formatRate(rate)}, non-response ${formatNonResponse(rate)}`);
    lines.push(
      `  largest APCER: ${formatLargest(maxApcer)}`,
      `  BPCER: ${formatRate(bonaFide)}, non-response ${formatNonResponse(bonaFide)}`,
      `  ACER (research habit, no bound): ${formatPercent((maxApcer.rate + bonaFide.rate) / 2)}`,
    );
  }
  const { eer, auc } = evaluation;
  lines.push(
    '',
    `EER ${eer === null ? '-' : formatPercent(eer)}, AUC ${auc === null ? '-' : auc.toFixed(4)} (research habits, no bounds)`,
  );
  for (const { property, groups, gap } of evaluation.comparisons) {
    const rates = groups.map(({ name, rate }) => `${name} ${formatRate(rate)}`).join(', ');
    lines.push(`BPCER by ${property}: ${rates}; gap ${formatGap(gap)}`);
  }
  return lines.join('\n');
}
