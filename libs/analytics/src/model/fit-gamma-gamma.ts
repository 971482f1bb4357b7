import { type FitControl, maximise } from '../optimise/maximum-likelihood.ts';
import { quantile } from '../segment/quantile.ts';
import { logGamma } from '../special/log-gamma.ts';
import type { Parameters } from './buying-model.ts';
import { type FitResult, refuse } from './fit-result.ts';
import { FEWEST_REPEAT_CUSTOMERS, fitResultOf } from './fit-transaction-model.ts';
import type { SpendHistory } from './gamma-gamma.ts';

const { abs, floor, log, sqrt } = Math;

/** Above this |correlation| of frequency and spend the model's independence is doubtful. */
export const DOUBTFUL_CORRELATION = 0.3;

/** Facts on the spend of repeat customers that hold with or without a fit. */
export interface SpendSummary {
  /** Repeat customers with positive mean spend. */
  readonly customers: number;
  /** Repeat customers left out because their mean spend is zero or below. */
  readonly excluded: number;
  /** Spend per repeat purchase over all of them, money; null without any. What to fall back on when a fit is refused. */
  readonly pooledMean: number | null;
  /** Pearson correlation of x and mean spend; null where one of them does not vary. */
  readonly correlation: number | null;
}

/** Summarises spend; histories without repeat purchases are skipped. */
export function summariseSpend(histories: Iterable<SpendHistory>): SpendSummary {
  let [customers, excluded, purchases, spend] = [0, 0, 0, 0];
  const used: SpendHistory[] = [];
  for (const history of histories) {
    if (history.x === 0) continue;
    if (!(history.meanSpend > 0)) {
      excluded += 1;
      continue;
    }
    used.push(history);
    customers += 1;
    purchases += history.x;
    spend += history.x * history.meanSpend;
  }
  const meanX = purchases / customers;
  const meanSpend = used.reduce((sum, h) => sum + h.meanSpend, 0) / customers;
  let [xx, yy, xy] = [0, 0, 0];
  for (const h of used) {
    const dx = h.x - meanX;
    const dy = h.meanSpend - meanSpend;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  return {
    customers,
    excluded,
    pooledMean: customers > 0 ? spend / purchases : null,
    correlation: xx > 0 && yy > 0 ? xy / sqrt(xx * yy) : null,
  };
}

/**
 * Fits Gamma-Gamma to the repeat customers with positive mean spend, in one currency.
 *
 * @param histories any customers; those without repeat purchases or positive spend do not enter the likelihood
 * @param near parameters of a fit to nearly the same customers: saves the search for where to start
 */
export function fitGammaGamma(
  histories: Iterable<SpendHistory>,
  control: FitControl = {},
  near?: Parameters,
): FitResult<'gamma_gamma'> {
  const used = Array.from(histories).filter((h) => h.x > 0 && h.meanSpend > 0);
  if (used.length === 0) return refuse('no_positive_spend', 'No repeat customer has spent anything.');
  if (used.length < FEWEST_REPEAT_CUSTOMERS) {
    return refuse(
      'too_few_repeat_customers',
      `${used.length} repeat customers have spent something; a fit needs ${FEWEST_REPEAT_CUSTOMERS}.`,
    );
  }
  // the median, since a mean may not exist
  const usual = quantile(Float64Array.from(used, (h) => h.meanSpend).sort(), 0.5);
  if (used.every((h) => abs(h.meanSpend - usual) <= 1e-9 * usual)) {
    return refuse('constant_spend', 'Every customer spends the same: there is no distribution to fit.');
  }
  const sample = used.filter(
    (_, i) => floor((i * COARSE) / used.length) !== floor(((i - 1) * COARSE) / used.length),
  );
  const maximum = maximise(
    {
      full: spendLikelihood(used),
      customers: used.length,
      ...(used.length > COARSE ? { coarse: spendLikelihood(sample), coarseCustomers: sample.length } : {}),
      starts: [
        [6, 4, usual / 2],
        [1.5, 3, usual],
        [20, 10, usual / 2],
      ],
      units: [1, 1, usual],
      ...(near && { near: NAMES.map((name) => near[name] as number) }),
    },
    control,
  );
  const fit = fitResultOf('gamma_gamma', NAMES, used.length, maximum);
  if (fit.outcome === 'fitted' && (fit.parameters.q as number) <= 1) {
    return refuse(
      'infinite_mean_spend',
      `Spend is so unequal that its mean does not exist (q = ${(fit.parameters.q as number).toPrecision(3)}).`,
    );
  }
  return fit;
}

const NAMES = ['p', 'q', 'v'] as const;
const COARSE = 1_000;

/** Total log-likelihood as a function of (p, q, v): terms without z̄ once per distinct x, one logarithm a customer. */
function spendLikelihood(histories: readonly SpendHistory[]): (parameters: readonly number[]) => number {
  const counts = [...new Set(histories.map((h) => h.x))].sort((a, b) => a - b);
  const place = new Map(counts.map((x, i) => [x, i]));
  const countOf = Int32Array.from(histories, (h) => place.get(h.x) as number);
  const total = Float64Array.from(histories, (h) => h.x * h.meanSpend);
  const customersOf = new Float64Array(counts.length);
  const logSpendOf = new Float64Array(counts.length);
  histories.forEach((h, i) => {
    const k = countOf[i] as number;
    customersOf[k] = (customersOf[k] as number) + 1;
    logSpendOf[k] = (logSpendOf[k] as number) + log(h.meanSpend);
  });
  return (parameters) => {
    const [p, q, v] = parameters as [number, number, number];
    let sum = 0;
    counts.forEach((x, k) => {
      const constant = logGamma(p * x + q) - logGamma(p * x) - logGamma(q) + q * log(v) + p * x * log(x);
      sum += (customersOf[k] as number) * constant + (p * x - 1) * (logSpendOf[k] as number);
    });
    const power = Float64Array.from(counts, (x) => p * x + q);
    for (let i = 0; i < total.length; i += 1) {
      sum -= (power[countOf[i] as number] as number) * log(v + (total[i] as number));
    }
    return sum;
  };
}
