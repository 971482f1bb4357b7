import { type CustomerSummary, DAYS_PER_UNIT, type TimeUnit } from '../history/summarise-purchases.ts';

/** What the churn model looks at where there is commerce; each is a sentence that a person can follow. */
export const PURCHASE_FEATURES = [
  'days_since_last_purchase',
  'repeat_purchases',
  'days_since_first_purchase',
  'total_spend',
  'overdue',
] as const;

/**
 * Feature values of a customer, from purchases up to the cutoff only, in the order of `PURCHASE_FEATURES`; counts, days and
 * money as ln(1 + value). `overdue` is ln of (days since the last purchase + 1) over (own mean gap + 1), and 0 for a
 * customer without a gap to compare with.
 */
export function purchaseFeatures(summary: CustomerSummary, unit: TimeUnit): number[] {
  const days = DAYS_PER_UNIT[unit];
  const silent = (summary.T - summary.tX) * days;
  const gap = summary.x > 0 ? (summary.tX * days) / summary.x : 0;
  return [
    Math.log1p(silent),
    Math.log1p(summary.x),
    Math.log1p(summary.T * days),
    Math.log1p(summary.totalSpend),
    summary.x > 0 ? Math.log((silent + 1) / (gap + 1)) : 0,
  ];
}
