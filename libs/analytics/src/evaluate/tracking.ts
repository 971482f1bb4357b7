import { DAYS_PER_UNIT, type TimeUnit } from '../history/summarise-purchases.ts';
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

/** A cohort by UTC day (from 1970-01-01): how many bought for the first time, and how many again. */
export interface CohortDays {
  readonly first: ReadonlyMap<number, number>;
  /** Customers with a purchase on a day after their first. */
  readonly repeat: ReadonlyMap<number, number>;
}

/**
 * Cumulative tracking table (Fader, Hardie & Lee 2005, figure 3).
 *
 * @param cohort days outside the weeks are skipped
 * @param unit unit of the model's time
 */
export function trackingTable(
  model: BuyingModel,
  { first, repeat }: CohortDays,
  { start, weeks, unit }: { start: number; weeks: number; unit: TimeUnit },
): TrackingRow[] {
  const repeats = new Float64Array(weeks + 1);
  for (const [day, count] of repeat) {
    const week = Math.floor((day - start) / 7) + 1;
    if (week >= 1 && week <= weeks) repeats[week] = (repeats[week] as number) + count;
  }
  const expectedAt = new Map<number, number>();
  const expectedRepeats = (days: number): number => {
    let value = expectedAt.get(days);
    if (value === undefined) {
      value = model.expectedRepeats(days / DAYS_PER_UNIT[unit]);
      expectedAt.set(days, value);
    }
    return value;
  };
  let actual = 0;
  return Array.from({ length: weeks }, (_, i): TrackingRow => {
    const week = i + 1;
    actual += repeats[week] as number;
    const end = start + 7 * week - 1;
    let expected = 0;
    for (const [day, count] of first) if (day < end) expected += count * expectedRepeats(end - day);
    return { week, actual, expected };
  });
}
