/** Exact binomial bounds: what a count of errors still allows the true rate to be. */

/**
 * One-sided 95 % Clopper-Pearson upper bound of a rate after `errors` of `trials`: the rate at which so few errors
 * would be seen in 5 % of evaluations. 0 of 59 still allows 5 %, so a bare 0 % is never a result.
 */
export function upperBound95(errors: number, trials: number): number {
  if (errors >= trials) return 1;
  let low = errors / trials;
  let high = 1;
  // 60 halvings end below the resolution of a double.
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (probabilityOfAtMost(errors, trials, middle) > 0.05) low = middle;
    else high = middle;
  }
  return high;
}

function probabilityOfAtMost(errors: number, trials: number, rate: number): number {
  const odds = Math.log(rate) - Math.log1p(-rate);
  let logTerm = trials * Math.log1p(-rate);
  let sum = Math.exp(logTerm);
  for (let count = 1; count <= errors; count++) {
    logTerm += Math.log((trials - count + 1) / count) + odds;
    sum += Math.exp(logTerm);
  }
  return sum;
}
