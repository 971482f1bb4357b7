import { InvalidArgument } from '../errors.ts';
import type { PurchaseHistory } from '../history/purchase-history.ts';
import { scaledExponentialIntegral } from '../special/exponential-integral.ts';
import { logRising } from '../special/log-gamma.ts';
import { logDifference, logistic, softplus } from '../special/log-space.ts';
import type { BuyingModel } from './buying-model.ts';
import { logParetoIntegral } from './pareto-integral.ts';

/** r, alpha: shape and rate (time) of the Gamma purchase rate; s, beta: of the Gamma rate of leaving. */
export interface ParetoParameters {
  readonly r: number;
  readonly alpha: number;
  readonly s: number;
  readonly beta: number;
}

/**
 * Pareto/NBD: a customer may leave at any moment (Schmittlein, Morrison & Colombo 1987, Management Science 33, 1–24; in
 * the notation of Fader & Hardie 2005).
 */
export function paretoNbd({ r, alpha, s, beta }: ParetoParameters): BuyingModel {
  if (![r, alpha, s, beta].every((p) => p > 0 && Number.isFinite(p))) {
    throw new InvalidArgument(`r, alpha, s, beta must be positive: ${r}, ${alpha}, ${s}, ${beta}`);
  }
  const shape = { r, alpha, s, beta };
  const logIntegral = remembered((x, t) => logParetoIntegral(shape, x, t));
  const lifetime = remembered((delta, T) => (beta + T) * scaledExponentialIntegral(s, delta * (beta + T)));
  /** ln[(α+T)^(r+x) (β+T)^s]. */
  const logScale = (x: number, T: number): number => (r + x) * Math.log(alpha + T) + s * Math.log(beta + T);
  /** Log odds of having left before T against still being there. */
  const logOddsLeft = ({ x, tX, T }: PurchaseHistory): number =>
    Math.log(s / (r + s + x)) + logDifference(logIntegral(x, tX), logIntegral(x, T)) + logScale(x, T);
  const logLikelihood = (history: PurchaseHistory): number =>
    logRising(r, history.x) +
    r * Math.log(alpha) +
    s * Math.log(beta) -
    logScale(history.x, history.T) +
    softplus(logOddsLeft(history));
  const pAlive = (history: PurchaseHistory): number => logistic(-logOddsLeft(history));
  /** Expected purchases of one alive: ∫₀ᵗ of the mean rate times P(still there); (1 − q^(s−1))/(s−1), smooth at s = 1. */
  const surviving = (t: number, x: number, T: number): number => {
    const logRest = -Math.log1p(t / (beta + T));
    const power = Math.abs((s - 1) * logRest) < 1e-300 ? -logRest : -Math.expm1((s - 1) * logRest) / (s - 1);
    return (((r + x) * (beta + T)) / (alpha + T)) * power;
  };
  const purchasesIfAlive: BuyingModel['purchasesIfAlive'] = (t, { x, T }) =>
    t === 0 ? 0 : surviving(t, x, T);

  return {
    logLikelihood,
    pAlive,
    purchasesIfAlive,
    expectedPurchases: (t, history) => purchasesIfAlive(t, history) * pAlive(history),
    expectedRepeats: (t) => surviving(t, 0, 0),
    pNoPurchase: (t, history) =>
      Math.min(1, Math.exp(logLikelihood({ ...history, T: history.T + t }) - logLikelihood(history))),
    // DERT (Fader, Hardie & Lee 2005, "RFM and CLV", eq. 5), with L expressed through P(alive).
    discountedPurchases(delta, history) {
      if (!(delta > 0)) throw new InvalidArgument(`a discount rate must be positive: ${delta}`);
      const { x, T } = history;
      return ((pAlive(history) * (r + x)) / (alpha + T)) * lifetime(delta, T);
    },
  };
}

/** Values that are kept; a million customers have some ten thousand. */
const MOST_VALUES = 500_000;

/** An expensive function of two numbers that many histories share. */
function remembered(f: (a: number, b: number) => number): (a: number, b: number) => number {
  const known = new Map<number, Map<number, number>>();
  let size = 0;
  return (a, b) => {
    let ofA = known.get(a);
    if (ofA === undefined) known.set(a, (ofA = new Map<number, number>()));
    let value = ofA.get(b);
    if (value === undefined) {
      if (size === MOST_VALUES) {
        known.clear();
        known.set(a, (ofA = new Map<number, number>()));
        size = 0;
      }
      size += 1;
      ofA.set(b, (value = f(a, b)));
    }
    return value;
  };
}
