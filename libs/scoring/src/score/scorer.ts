import {
  buyingModel,
  calibrate,
  type ChurnBand,
  churnBand,
  contributions,
  continuousRate,
  type CustomerSummary,
  DAYS_PER_UNIT,
  logisticProbability,
  periodRate,
  purchaseFeatures,
  type TransactionModelName,
  UNCALIBRATED,
} from '#analytics';
import type { FitRequest } from '#config';
import type { FitResult } from '../fit/fit-result.ts';
import { expectedSpendBy } from '../fit/fit-spend.ts';

/** A reason for a churn probability. */
export interface ChurnReason {
  readonly feature: string;
  readonly value: number;
  /**
   * Of a logistic model: log odds above (or below) those of the average customer. Of a probability model: what it adds
   * to −ln P(a purchase), which is the sum of its reasons.
   */
  readonly contribution: number;
}

/** What a model says of a customer. Money in the currency of the fit. */
export interface Score {
  readonly pAlive: number;
  /** Expected purchase days by `HORIZONS_DAYS`. */
  readonly orders: readonly number[];
  readonly spend: number;
  readonly clv: number;
  readonly clvInfinite: number | null;
  readonly churn: number;
  readonly band: ChurnBand;
  readonly reasons: readonly ChurnReason[];
}

/** Horizons of the columns of `profile_scores`, days after the cutoff. */
export const HORIZONS_DAYS = [30, 90, 180, 365] as const;

const DAYS_PER_MONTH = 365 / 12;

/** Reasons that are told. */
const MOST_REASONS = 3;

/** Of equal x and T: purchases of one who is still there. */
interface Prospects {
  readonly orders: readonly number[];
  /** Discounted, within the horizon. */
  readonly discounted: number;
}

/**
 * Scores customers by a fit. Lifetime value is paid at the ends of months (365/12 days, the horizon cut into a whole
 * number of them); its infinite form is given for Pareto/NBD, which has it in closed form.
 */
export function scorerOf(result: FitResult, request: FitRequest): (customer: CustomerSummary) => Score {
  const unit = request.timeUnit;
  const units = (days: number): number => days / DAYS_PER_UNIT[unit];
  const model = buyingModel(result.model as TransactionModelName, result.parameters);
  const expectedSpend = result.spend === null ? () => 0 : expectedSpendBy(result.spend);
  const periods = Math.max(1, Math.round(request.horizonDays / DAYS_PER_MONTH));
  const periodDays = request.horizonDays / periods;
  const growth = 1 + periodRate(request.discountRate, 365 / periodDays);
  const delta = continuousRate(request.discountRate, unit);
  const hasInfinite = result.model === 'pareto_nbd' && result.basis === 'purchases' && delta > 0;
  const churnHorizon = units(request.churnHorizonDays);
  const logistic = result.churn?.scorer === 'logistic' ? result.churn.logisticModel : null;
  const calibration = result.churn?.calibration ?? UNCALIBRATED;
  const countsOrders = result.basis === 'purchases';

  const known = new Map<number, Prospects>();
  const prospectsOf = ({ x, T }: CustomerSummary): Prospects => {
    const key = Math.round(T * DAYS_PER_UNIT[unit]) * MOST_PURCHASES + x;
    let prospects = known.get(key);
    if (prospects === undefined) {
      const after = (days: number): number => model.purchasesIfAlive(units(days), { x, T });
      let [discounted, before] = [0, 0];
      for (let k = 1; k <= periods; k += 1) {
        const expected = after(k * periodDays);
        discounted += (expected - before) / growth ** k;
        before = expected;
      }
      prospects = { orders: HORIZONS_DAYS.map(after), discounted };
      if (known.size >= MOST_PROSPECTS) known.clear();
      known.set(key, prospects);
    }
    return prospects;
  };

  return (customer) => {
    const pAlive = model.pAlive(customer);
    const { orders, discounted } = prospectsOf(customer);
    const spend = expectedSpend(customer);
    const pNoPurchase = model.pNoPurchase(churnHorizon, customer);
    const features = logistic === null ? [] : purchaseFeatures(customer, unit);
    const raw = logistic === null ? pNoPurchase : logisticProbability(logistic, features);
    const churn = calibrate(calibration, raw);
    const reasons =
      logistic === null ? reasonsOfModel(pAlive, pNoPurchase) : contributions(logistic, features);
    return {
      pAlive,
      orders: countsOrders ? orders.map((expected) => expected * pAlive) : orders.map(() => 0),
      spend,
      clv: request.margin * spend * discounted * pAlive,
      clvInfinite: hasInfinite ? request.margin * spend * model.discountedPurchases(delta, customer) : null,
      churn,
      band: churnBand(churn),
      reasons: strongest(reasons),
    };
  };
}

const MOST_PURCHASES = 2 ** 20;
const MOST_PROSPECTS = 200_000;

/** P(a purchase) = P(still there) · P(a purchase if still there): how much each of them keeps it from being certain. */
function reasonsOfModel(pAlive: number, pNoPurchase: number): ChurnReason[] {
  const buys = Math.min(1, (1 - pNoPurchase) / pAlive);
  return [
    { feature: 'p_alive', value: pAlive, contribution: cost(pAlive) },
    { feature: 'p_purchase_if_alive', value: Number.isFinite(buys) ? buys : 0, contribution: cost(buys) },
  ];
}

/** −ln p, held finite. */
function cost(p: number): number {
  return p >= 1 ? 0 : -Math.log(Math.max(p, Number.MIN_VALUE)) || 0;
}

function strongest(reasons: readonly ChurnReason[]): ChurnReason[] {
  return reasons
    .map(({ feature, value, contribution }) => ({
      feature,
      value: rounded(value),
      contribution: rounded(contribution),
    }))
    .filter(({ contribution }) => contribution !== 0)
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
    .slice(0, MOST_REASONS);
}

/** To four digits: what `toPrecision` gives, where powers of ten are exact, in a fraction of its time. */
function rounded(value: number): number {
  const digits = 3 - Math.floor(Math.log10(Math.abs(value)));
  if (!(digits >= 0 && digits <= EXACT_POWERS)) return Number(value.toPrecision(4));
  const power = POWERS[digits] as number;
  return Math.round(value * power) / power;
}

const EXACT_POWERS = 22;
const POWERS = Array.from({ length: EXACT_POWERS + 1 }, (_, digits) => Number(`1e${digits}`));
