import type { PurchaseHistory } from '../history/purchase-history.ts';
import { DAYS_PER_UNIT, type TimeUnit } from '../history/summarise-purchases.ts';
import type { BuyingModel } from '../model/buying-model.ts';

/** What is expected of a customer within a horizon from the cutoff. */
export interface Forecast {
  readonly horizonDays: number;
  /** Expected purchase days. */
  readonly orders: number;
  /** Expected revenue, money; null without a spend estimate. */
  readonly revenue: number | null;
  /** P(no purchase within the horizon): the churn probability, which 1 − P(alive) is not. */
  readonly pNoPurchase: number;
}

/**
 * Forecasts for several horizons.
 *
 * @param unit unit of the model's and the history's time
 * @param spend expected revenue per purchase, money, or null
 */
export function forecast(
  model: BuyingModel,
  history: PurchaseHistory,
  { unit, spend, horizonsDays }: { unit: TimeUnit; spend: number | null; horizonsDays: readonly number[] },
): Forecast[] {
  return horizonsDays.map((horizonDays) => {
    const t = horizonDays / DAYS_PER_UNIT[unit];
    const orders = model.expectedPurchases(t, history);
    return {
      horizonDays,
      orders,
      revenue: spend === null ? null : orders * spend,
      pNoPurchase: model.pNoPurchase(t, history),
    };
  });
}
