/** What `pad` prints for people. */
import { type Evaluation, OPERATING_POINT, ratesAt, STRICT_POINT } from './evaluation.ts';
import { formatPercent, formatRate } from './format-rate.ts';

/** Lines for a terminal. */
export function formatTable(evaluation: Evaluation): string {
  const lines = [`profile ${evaluation.profile}, ISO/IEC 30107-3, exact one-sided 95 % bounds`];
  for (const threshold of [OPERATING_POINT, STRICT_POINT]) {
    const { bonaFide, species, maxApcer } = ratesAt(evaluation, threshold);
    lines.push('', `at ${threshold.toFixed(2)}`);
    for (const [name, rate] of Object.entries(species))
      lines.push(`  APCER ${name}: ${formatRate(rate)}, non-response ${formatPercent(rate.nonResponse)}`);
    lines.push(
      `  largest APCER: ${formatPercent(maxApcer)}`,
      `  BPCER: ${formatRate(bonaFide)}, non-response ${formatPercent(bonaFide.nonResponse)}`,
      `  ACER (research habit): ${formatPercent((maxApcer + bonaFide.rate) / 2)}`,
    );
  }
  const { eer, auc } = evaluation;
  lines.push(
    '',
    `EER ${eer === null ? '-' : formatPercent(eer)}, AUC ${auc === null ? '-' : auc.toFixed(4)} (research)`,
  );
  for (const { property, groups, gap } of evaluation.comparisons)
    lines.push(
      `BPCER by ${property}: ${groups.map(({ name, rate }) => `${name} ${formatPercent(rate.rate)}`).join(', ')}; gap ${formatPercent(gap)}`,
    );
  return lines.join('\n');
}
