import { quantile } from './quantile.ts';

/**
 * Where a customer stands. New: the first purchase, not long ago. Active: bought again, not long ago. Cooling: silent
 * for longer than customers usually are. Lapsed: silent for longer than nearly all are. Won back: bought again
 * after a lapse, and not since.
 */
export type LifecycleStage = 'new' | 'active' | 'cooling' | 'lapsed' | 'won_back';

/** Silence in whole days after the last purchase. */
export interface LifecycleThresholds {
  /** Up to this many a customer is new, active or won back. */
  readonly activeDays: number;
  /** Up to this many a customer is cooling; longer is lapsed. More than `activeDays`. */
  readonly lapsedDays: number;
}

/** A stage and the UTC day (from 1970-01-01) on which it began. */
export interface StageChange {
  readonly day: number;
  readonly stage: LifecycleStage;
}

/** Used where too few gaps tell how often people buy. */
export const DEFAULT_THRESHOLDS: LifecycleThresholds = { activeDays: 90, lapsedDays: 365 };

const FEWEST_GAPS = 30;
const USUAL = 0.75;
const NEARLY_ALL = 0.95;

/**
 * Thresholds from gaps between purchase days, all customers together: three quarters of gaps are not longer than
 * `activeDays`, 95 % not longer than `lapsedDays`. The defaults below 30 gaps.
 */
export function lifecycleThresholds(gapsInDays: readonly number[]): LifecycleThresholds {
  if (gapsInDays.length < FEWEST_GAPS) return DEFAULT_THRESHOLDS;
  const sorted = Float64Array.from(gapsInDays).sort();
  const activeDays = Math.ceil(quantile(sorted, USUAL));
  return { activeDays, lapsedDays: Math.max(activeDays + 1, Math.ceil(quantile(sorted, NEARLY_ALL))) };
}

/**
 * All stages that a customer has passed through up to a day, oldest first; the last is the present one. Empty before
 * the first purchase.
 *
 * @param purchaseDays UTC days, any order; equal days are one
 * @param asOf last UTC day that is known; later purchases are ignored
 */
export function lifecycleHistory(
  purchaseDays: Iterable<number>,
  asOf: number,
  { activeDays, lapsedDays }: LifecycleThresholds,
): StageChange[] {
  const days = [...new Set(purchaseDays)].filter((day) => day <= asOf).sort((a, b) => a - b);
  const history: StageChange[] = [];
  const enter = (day: number, stage: LifecycleStage): void => {
    if (history[history.length - 1]?.stage !== stage) history.push({ day, stage });
  };
  days.forEach((day, i) => {
    if (i === 0) enter(day, 'new');
    else enter(day, history.at(-1)?.stage === 'lapsed' ? 'won_back' : 'active');
    const until = days[i + 1] ?? asOf + 1;
    if (day + activeDays + 1 < until) enter(day + activeDays + 1, 'cooling');
    if (day + lapsedDays + 1 < until) enter(day + lapsedDays + 1, 'lapsed');
  });
  return history;
}
