import { DAYS_PER_UNIT, type Purchase, type TimeUnit } from '../history/summarise-purchases.ts';
import type { BuyingModel } from '../model/buying-model.ts';

/** Repeat purchases of a cohort up to the end of a week. */
export interface TrackingRow {
  /** Weeks since the start, from 1; week w ends with day start + 7w − 1. */
  readonly week: number;
  /** Cumulative purchase days after each customer's first. */
  readonly actual: number;
  /** Cumulative expectation, Σᵢ E[X(time since i's first purchase)]. */
  readonly expected: number;
}

/**
 * Cumulative tracking table (Fader, Hardie & Lee 2005, figure 3).
 *
 * @param cohort customers with their first purchase day (UTC, from 1970-01-01)
 * @param purchases theirs and others'; others' and those outside the weeks are skipped
 * @param unit unit of the model's time
 */
export function trackingTable(
  model: BuyingModel,
  cohort: readonly { readonly customer: string; readonly firstDay: number }[],
  purchases: Iterable<Purchase>,
  { start, weeks, unit }: { start: number; weeks: number; unit: TimeUnit },
): TrackingRow[] {
  const firstDayOf = new Map(cohort.map(({ customer, firstDay }) => [customer, firstDay]));
  const bornOn = new Map<number, number>();
  for (const { firstDay } of cohort) bornOn.set(firstDay, (bornOn.get(firstDay) ?? 0) + 1);

  const repeats = new Float64Array(weeks + 1);
  const seen = new Set<string>();
  for (const { customer, day, revenue } of purchases) {
    const firstDay = firstDayOf.get(customer);
    if (firstDay === undefined || day <= firstDay || !(revenue >= 0 && Number.isFinite(revenue))) continue;
    const week = Math.floor((day - start) / 7) + 1;
    const key = `${day} ${customer}`;
    if (week > weeks || seen.has(key)) continue;
    seen.add(key);
    repeats[week] = (repeats[week] as number) + 1;
  }
  let actual = 0;
  return Array.from({ length: weeks }, (_, i): TrackingRow => {
    const week = i + 1;
    actual += repeats[week] as number;
    const end = start + 7 * week - 1;
    let expected = 0;
    for (const [firstDay, count] of bornOn) {
      if (firstDay < end) expected += count * model.expectedRepeats((end - firstDay) / DAYS_PER_UNIT[unit]);
    }
    return { week, actual, expected };
  });
}
