import {
  type Cancelled,
  type CustomerSummary,
  DOUBTFUL_CORRELATION,
  type FitControl,
  fitGammaGamma,
  gammaGamma,
  type SpendModel,
  summariseSpend,
} from '#analytics';
import { modelOf } from './fitted-model.ts';
import type { Named, SpendFit } from './fit-result.ts';

/** Fits what a purchase is worth to repeat customers; see `fitGammaGamma`. */
export function fitSpend(
  customers: readonly CustomerSummary[],
  control: FitControl,
  near?: Named,
): SpendFit | Cancelled {
  const { pooledMean, correlation } = summariseSpend(customers);
  const fit = fitGammaGamma(customers, control, near);
  if (fit.outcome === 'cancelled') return fit;
  const fallback = pooledMean ?? meanOfAll(customers);
  return fit.outcome === 'fitted'
    ? { fit: modelOf(fit), reason: null, fallback, correlation }
    : { fit: null, reason: { code: fit.reason, detail: fit.detail }, fallback, correlation };
}

/** What is expected of a purchase of a customer, money. */
export function expectedSpendBy({ fit, fallback }: SpendFit): SpendModel['expectedSpend'] {
  if (fit === null) return () => fallback;
  const { p, q, v } = fit.parameters as { p: number; q: number; v: number };
  const model = gammaGamma({ p, q, v });
  return (history) => model.expectedSpend(history);
}

/** What a reader must know of a spend fit. */
export function spendWarnings({ reason, correlation }: SpendFit): string[] {
  const warnings: string[] = [];
  if (reason !== null) {
    warnings.push(`Everybody's purchases are valued at the mean of all: ${reason.detail}`);
  } else if (correlation !== null && Math.abs(correlation) > DOUBTFUL_CORRELATION) {
    warnings.push(
      `How much and how often are correlated (${correlation.toFixed(2)}); Gamma-Gamma takes them as independent.`,
    );
  }
  return warnings;
}

function meanOfAll(customers: readonly CustomerSummary[]): number {
  let [days, spend] = [0, 0];
  for (const { x, totalSpend } of customers) {
    days += x + 1;
    spend += totalSpend;
  }
  return days === 0 ? 0 : spend / days;
}
