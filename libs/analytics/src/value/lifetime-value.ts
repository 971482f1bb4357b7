import { InvalidArgument } from '../errors.ts';
import type { PurchaseHistory } from '../history/purchase-history.ts';
import type { BuyingModel } from '../model/buying-model.ts';

/** What turns purchases into money. */
export interface PurchaseWorth {
  /** Expected revenue per purchase, money (Gamma-Gamma's expected spend). */
  readonly spend: number;
  /** Share of revenue that is kept, 0 to 1; 1 values revenue itself. */
  readonly margin: number;
}

/** A finite horizon cut into periods; purchases of a period are paid at its end. */
export interface Periods {
  /** How many; the horizon is count · length. */
  readonly count: number;
  /** Length of one in the model's unit of time (4.345 weeks are a month). */
  readonly length: number;
  /** Effective discount rate per period, not per year. */
  readonly rate: number;
}

/**
 * Residual lifetime value over a finite horizon, money at T: margin · E(M) · Σₖ [CET(kΔ) − CET((k−1)Δ)] / (1+d)^k.
 * The purchases already made are not in it.
 */
export function finiteLifetimeValue(
  model: BuyingModel,
  history: PurchaseHistory,
  { spend, margin }: PurchaseWorth,
  { count, length, rate }: Periods,
): number {
  if (!(Number.isInteger(count) && count > 0 && length > 0 && rate > -1)) {
    throw new InvalidArgument(`no horizon: ${count} periods of ${length} at ${rate}`);
  }
  let purchases = 0;
  let before = 0;
  for (let k = 1; k <= count; k += 1) {
    const expected = model.expectedPurchases(k * length, history);
    purchases += (expected - before) / (1 + rate) ** k;
    before = expected;
  }
  return margin * spend * purchases;
}

/**
 * Residual lifetime value to infinity, money at T: margin · E(M) · DERT(δ). Closed form for Pareto/NBD; an integral
 * for BG/NBD and MBG/NBD, which assume that a customer once won forgets nothing forever.
 *
 * @param delta continuous discount rate per unit of the model's time, > 0 (`continuousRate`)
 */
export function infiniteLifetimeValue(
  model: BuyingModel,
  history: PurchaseHistory,
  { spend, margin }: PurchaseWorth,
  delta: number,
): number {
  return margin * spend * model.discountedPurchases(delta, history);
}
