/**
 * How each contract prints and compares a score: THE table. A score is compared after rounding to the printed
 * precision, so that no answer can read 0.6 against a strict threshold of 0.6 and still say passed.
 */

const roundTo = (decimals: number) => (value: number) => Number(value.toFixed(decimals));

type ContractRule = {
  /** The contract's scale: a score from 0 to 1 is multiplied by it. */
  scale: 1 | 100;
  defaultThreshold: number;
  comparator: '>' | '>=';
  round: (value: number) => number;
};

export const CONTRACTS = {
  globaldata: { scale: 100, defaultThreshold: 70, comparator: '>', round: roundTo(2) },
  verifik: { scale: 1, defaultThreshold: 0.6, comparator: '>', round: roundTo(4) },
  kairos: { scale: 1, defaultThreshold: 0.6, comparator: '>=', round: roundTo(4) },
  smartcomply: { scale: 1, defaultThreshold: 0.6, comparator: '>=', round: (value) => value },
} as const satisfies Record<string, ContractRule>;

export type ContractName = keyof typeof CONTRACTS;
