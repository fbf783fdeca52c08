/** The one object that `pad --json` prints. */
import { type Evaluation, OPERATING_POINT, ratesAt } from './evaluation.ts';

/** Rates from 0 to 1 at the operating point; `n` counts every presentation, those without a score included. */
export function formatJson(evaluation: Evaluation): string {
  const { bonaFide, species, maxApcer } = ratesAt(evaluation, OPERATING_POINT);
  return JSON.stringify({
    profile: evaluation.profile,
    operatingPoint: OPERATING_POINT,
    bonaFide: {
      n: bonaFide.n,
      bpcer: bonaFide.rate,
      upper95: bonaFide.upper95,
      nonResponse: bonaFide.nonResponse,
    },
    species: Object.fromEntries(
      Object.entries(species).map(([name, { n, rate, upper95, nonResponse }]) => [
        name,
        { n, apcer: rate, upper95, nonResponse },
      ]),
    ),
    maxApcer: maxApcer.rate,
    maxApcerUpper95: maxApcer.upper95,
    eer: evaluation.eer,
    auc: evaluation.auc,
  });
}
