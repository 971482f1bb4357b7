import { InvalidArgument } from '../errors.ts';
import type { PurchaseHistory } from '../history/purchase-history.ts';
import { integrateUnit } from '../special/double-exponential.ts';
import { logBetaRatio, logGamma, logRising } from '../special/log-gamma.ts';
import { logistic, softplus } from '../special/log-space.ts';
import { survivingPurchases } from './beta-geometric-purchases.ts';
import type { BuyingModel } from './buying-model.ts';

/**
 * r, alpha: shape and rate (time) of the Gamma purchase rate; a, b: the Beta dropout probability.
 */
export interface BetaGeometricParameters {
  readonly r: number;
  readonly alpha: number;
  readonly a: number;
  readonly b: number;
}

/** A beta-geometric model also has a distribution of counts in closed form. */
export interface BetaGeometricModel extends BuyingModel {
  /** P(n repeat purchases in (0, t]) of a new customer (paper, eq. 8). */
  pRepeats(n: number, t: number): number;
}

/** BG/NBD: a customer may leave after each repeat purchase (Fader, Hardie & Lee 2005, Marketing Science 24, 275–284). */
export function bgNbd(parameters: BetaGeometricParameters): BetaGeometricModel {
  return betaGeometric(parameters, 0);
}

/** MBG/NBD: as BG/NBD, and also after the first purchase (Batislam, Denizel & Filiztekin 2007, IJRM 24, 201–209). */
export function mbgNbd(parameters: BetaGeometricParameters): BetaGeometricModel {
  return betaGeometric(parameters, 1);
}

/** @param trials chances to leave before the first repeat purchase: 0 in BG, 1 in MBG */
function betaGeometric({ r, alpha, a, b }: BetaGeometricParameters, trials: 0 | 1): BetaGeometricModel {
  if (![r, alpha, a, b].every((p) => p > 0 && Number.isFinite(p))) {
    throw new InvalidArgument(`r, alpha, a, b must be positive: ${r}, ${alpha}, ${a}, ${b}`);
  }
  /** Log odds of having left at the last purchase against still being there; −Infinity when nobody can have left. */
  const logOddsLeft = ({ x, tX, T }: PurchaseHistory): number =>
    x + trials === 0
      ? -Infinity
      : Math.log(a) - Math.log(b + x - 1 + trials) + (r + x) * Math.log1p((T - tX) / (alpha + tX));
  const pAlive = (history: PurchaseHistory): number => logistic(-logOddsLeft(history));
  const surviving = (t: number, x: number, T: number): number =>
    survivingPurchases({ shape: r + x, time: t / (alpha + T), a, b: b + x + trials });
  const purchasesIfAlive: BuyingModel['purchasesIfAlive'] = (t, { x, T }) =>
    t === 0 ? 0 : surviving(t, x, T);

  return {
    logLikelihood(history) {
      const { x, T } = history;
      return (
        logRising(r, x) +
        logBetaRatio(a, b, x + trials) -
        r * Math.log1p(T / alpha) -
        x * Math.log(alpha + T) +
        softplus(logOddsLeft(history))
      );
    },
    pAlive,
    purchasesIfAlive,
    expectedPurchases: (t, history) => purchasesIfAlive(t, history) * pAlive(history),
    expectedRepeats(t) {
      return t === 0 ? 0 : surviving(t, 0, 0) * Math.exp(logBetaRatio(a, b, trials));
    },
    pNoPurchase(t, history) {
      const buys = -Math.expm1(-(r + history.x) * Math.log1p(t / (alpha + history.T)));
      return 1 - pAlive(history) * buys;
    },
    // No closed form: ∫ δ e^(−δt) CET(t) dt, over p = e^(−δt).
    discountedPurchases(delta, history) {
      if (!(delta > 0)) throw new InvalidArgument(`a discount rate must be positive: ${delta}`);
      const mean = integrateUnit(
        (logP, logQ) => surviving(-logP / delta, history.x, history.T) * Math.exp(logP + logQ),
      );
      return mean * pAlive(history);
    },
    pRepeats(n, t) {
      const logOne = -Math.log1p(t / alpha);
      const logStep = Math.log(t) - Math.log(alpha + t);
      /** NBD: P(exactly j purchases by t of one who never leaves). */
      const nbd = (j: number): number =>
        Math.exp(logRising(r, j) - logGamma(j + 1) + r * logOne + (j === 0 ? 0 : j * logStep));
      const stayed = Math.exp(logBetaRatio(a, b, n + trials)) * nbd(n);
      if (n + trials === 0) return stayed;
      let atLeast = 0;
      for (let j = n, term = nbd(n); term > atLeast * 1e-17;) {
        atLeast += term;
        term *= ((r + j) / (j + 1)) * Math.exp(logStep);
        j += 1;
      }
      const leftHere = Math.exp(logBetaRatio(a, b, n - 1 + trials)) * (a / (a + b + n - 1 + trials));
      return stayed + leftHere * atLeast;
    },
  };
}
