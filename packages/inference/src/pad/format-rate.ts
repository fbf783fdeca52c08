/** How a rate is printed: never without what it still allows. */
import type { ErrorRate } from './error-rates.ts';

/** `3.5 % (16/450, at most 5.3 %)`: the upper bound stands beside every rate, so that 0 % never stands alone. */
export function formatRate({ errors, n, rate, upper95 }: ErrorRate): string {
  return `${formatPercent(rate)} (${errors}/${n}, at most ${formatPercent(upper95)})`;
}

/** One decimal. */
export function formatPercent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
