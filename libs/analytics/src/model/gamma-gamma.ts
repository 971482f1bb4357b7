import { InvalidArgument } from '../errors.ts';
import { logGamma } from '../special/log-gamma.ts';

/** p, q: shapes; v: scale, in money. */
export interface GammaGammaParameters {
  readonly p: number;
  readonly q: number;
  readonly v: number;
}

/** What is known of a customer's spend: x repeat purchases and their mean value (the first purchase left out). */
export interface SpendHistory {
  /** Repeat purchases, > 0 for a customer who enters a fit. */
  readonly x: number;
  /** Mean spend per repeat purchase day, money, > 0 for a customer who enters a fit. */
  readonly meanSpend: number;
}

/** A Gamma-Gamma model with its parameters. */
export interface SpendModel {
  /** Natural logarithm of the likelihood of a mean; x and meanSpend > 0. */
  logLikelihood(history: SpendHistory): number;
  /** Expected mean spend per purchase given the history, money; the population's for x = 0 or without positive spend. */
  expectedSpend(history: SpendHistory): number;
  /** Expected mean spend per purchase of a customer nobody knows: p·v/(q−1). */
  readonly populationMean: number;
}

/**
 * Gamma-Gamma spend (Fader & Hardie 2013, "The Gamma-Gamma Model of Monetary Value", eq. 1a and 5). Assumes that how
 * much is independent of how often.
 *
 * @throws InvalidArgument unless p, v > 0 and q > 1 (else the mean is infinite)
 */
export function gammaGamma({ p, q, v }: GammaGammaParameters): SpendModel {
  if (!(p > 0 && v > 0 && q > 1 && [p, q, v].every(Number.isFinite))) {
    throw new InvalidArgument(`p, v must be positive and q above 1: ${p}, ${q}, ${v}`);
  }
  const populationMean = (p * v) / (q - 1);
  return {
    logLikelihood: ({ x, meanSpend }) =>
      logGamma(p * x + q) -
      logGamma(p * x) -
      logGamma(q) +
      q * Math.log(v) +
      (p * x - 1) * Math.log(meanSpend) +
      p * x * Math.log(x) -
      (p * x + q) * Math.log(v + x * meanSpend),
    expectedSpend: ({ x, meanSpend }) =>
      x > 0 && meanSpend > 0 ? (p * (v + x * meanSpend)) / (p * x + q - 1) : populationMean,
    populationMean,
  };
}
