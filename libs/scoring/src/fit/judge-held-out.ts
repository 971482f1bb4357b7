import {
  byFrequency,
  type BuyingModel,
  buyingModel,
  type Cancelled,
  DAYS_PER_UNIT,
  type FitControl,
  fitTransactionModel,
  historyTable,
  predictionErrors,
  type PredictionErrors,
  type TimeUnit,
  type TransactionModelName,
} from '#analytics';
import { laterPurchases, type PurchaseBook, summariseBook } from '../purchases/purchase-book.ts';
import { dateOf } from '../utc-day.ts';
import { expectedSpendBy, fitSpend } from './fit-spend.ts';
import type { HeldOut, Named, SpendFit } from './fit-result.ts';
import type { HeldOutDays } from './fit-plan.ts';

/** What is judged. */
export interface Judged {
  readonly model: TransactionModelName;
  readonly parameters: Named;
  /** `null`: activity, which is worth nothing. */
  readonly spend: SpendFit | null;
  /** Cutoff of the fit, UTC day. */
  readonly cutoff: number;
  readonly unit: TimeUnit;
}

/**
 * Compares predictions with the days that were held out. Where these lie before the fit's cutoff, model and spend are
 * fitted again to what lies before them; `null` where they cannot be.
 */
export function judgeHeldOut(
  book: PurchaseBook,
  judged: Judged,
  days: HeldOutDays,
  control: FitControl,
): HeldOut | null | Cancelled {
  const { unit } = judged;
  const refitted = days.cutoff !== judged.cutoff;
  const { customers, rows } = summariseBook(book, days.cutoff, unit);
  let model: BuyingModel = buyingModel(judged.model, judged.parameters);
  let spend = judged.spend;
  if (refitted) {
    const fit = fitTransactionModel(judged.model, historyTable(customers), control, judged.parameters);
    if (fit.outcome === 'cancelled') return fit;
    if (fit.outcome === 'refused') return null;
    model = buyingModel(judged.model, fit.parameters);
    if (spend !== null) {
      const again = fitSpend(customers, control, spend.fit?.parameters);
      if ('outcome' in again) return again;
      spend = again;
    }
  }
  const later = laterPurchases(book, rows, days);
  const t = (days.until - days.cutoff) / DAYS_PER_UNIT[unit];
  const predicted = customers.map((customer) => model.expectedPurchases(t, customer));
  const actual = later.map(({ purchases }) => purchases);
  const expectedSpend = spend === null ? null : expectedSpendBy(spend);
  return {
    cutoff: dateOf(days.cutoff),
    until: dateOf(days.until),
    refitted,
    orders: predictionErrors(predicted, actual) as PredictionErrors,
    revenue:
      expectedSpend &&
      predictionErrors(
        customers.map((customer, i) => (predicted[i] as number) * expectedSpend(customer)),
        later.map((purchases) => purchases.spend),
      ),
    byFrequency: byFrequency(
      customers.map(({ x }, i) => ({ x, predicted: predicted[i] as number, actual: actual[i] as number })),
    ),
  };
}
