import { firstDayOf, periodOf } from '../stream/period.ts';
import type { LifecycleDefinition, Stage } from './lifecycle.ts';

/** A period and who was what in it. */
export interface LifecyclePeriod extends Readonly<Record<Stage, number>> {
  /** First day of the period. */
  readonly start: string;
  /** `new`, `returning` and `resurrected` together. */
  readonly active: number;
  /** (new + resurrected) / dormant; `null` where nobody went. */
  readonly quickRatio: number | null;
  /** True while events of the period may still come. */
  readonly incomplete: boolean;
}

/** A row of `lifecycleSql`. */
export interface LifecycleRow {
  readonly period: number;
  readonly stage: Stage;
  readonly n: string | number;
}

/** Every period from the first to the last one that had begun, also those in which nothing happened. */
export function lifecycleResult(
  { scope, period, timeZone, observedUntil }: LifecycleDefinition,
  rows: readonly LifecycleRow[],
): LifecyclePeriod[] {
  const numbers = rows.filter(({ stage }) => stage !== 'dormant').map((row) => row.period);
  if (numbers.length === 0) return [];
  // The end is exclusive: a scope that ends at midnight does not reach into the day that begins then.
  const now = periodOf(period, timeZone, observedUntil - 1);
  const first = scope.from === undefined ? Math.min(...numbers) : periodOf(period, timeZone, scope.from);
  const newest = Math.max(...rows.map((row) => row.period));
  const counts = new Map(rows.map((row) => [`${row.period}:${row.stage}`, Number(row.n)]));
  return Array.from({ length: Math.max(0, Math.min(now, newest) - first + 1) }, (_, i) => {
    const number = first + i;
    const of = (stage: Stage): number => counts.get(`${number}:${stage}`) ?? 0;
    const [fresh, returning, resurrected, dormant] = [
      of('new'),
      of('returning'),
      of('resurrected'),
      of('dormant'),
    ];
    return {
      start: firstDayOf(period, number),
      new: fresh,
      returning,
      resurrected,
      dormant,
      active: fresh + returning + resurrected,
      quickRatio: dormant === 0 ? null : (fresh + resurrected) / dormant,
      incomplete: number >= periodOf(period, timeZone, observedUntil),
    };
  });
}
