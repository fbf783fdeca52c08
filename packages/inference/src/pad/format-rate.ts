/** How a rate is printed: never without what it still allows. */
import { upperBound95 } from './clopper-pearson.ts';
import type { ErrorRate } from './error-rates.ts';

/** What is printed where nothing was counted: neither 0 % nor any other rate. */
const NOTHING = '–';

/** `3.5 % (16/450, at most 5.3 %)`: the upper bound stands beside every rate, so that 0 % never stands alone. */
export function formatRate({ errors, n }: ErrorRate): string {
  return formatProportion(errors, n);
}

/** Of the scored presentations only: the harsher reading, in which a gate gets no credit. */
export function formatRateOfScored({ errors, n, unscored }: ErrorRate): string {
  return formatProportion(errors, n - unscored);
}

/** Presentations without a score. */
export function formatNonResponse({ unscored, n }: ErrorRate): string {
  return formatProportion(unscored, n);
}

function formatProportion(count: number, n: number): string {
  if (n === 0) return NOTHING;
  return `${formatPercent(count / n)} (${count}/${n}, at most ${formatBound(upperBound95(count, n))})`;
}

/** The largest of several rates, which has no count of its own. */
export function formatLargest({ rate, upper95 }: { rate: number; upper95: number }): string {
  return `${formatPercent(rate)} (at most ${formatBound(upper95)})`;
}

/** One decimal. */
export function formatPercent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** What one rate is above another: no rate itself. */
export function formatGap(gap: number): string {
  return `${(gap * 100).toFixed(1)} points`;
}

/** Rounded up, because anything less may be exceeded: to one decimal, below 0.1 % to two digits that count. */
export function formatBound(share: number): string {
  const percent = share * 100;
  const decimals = percent < 0.1 ? 1 - Math.floor(Math.log10(percent)) : 1;
  // What is a whole step but for the last bits of a double is not rounded up by a step.
  const steps = Math.ceil(percent * 10 ** decimals - 1e-9);
  return `${(steps / 10 ** decimals).toFixed(decimals)} %`;
}
