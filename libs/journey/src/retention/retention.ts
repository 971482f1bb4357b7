import type { Selector } from '../selector/selector.ts';
import type { Grouping } from '../stream/grouping.ts';
import type { Period } from '../stream/period.ts';
import type { Scope, Unit } from '../stream/scope.ts';

/** Who is in a cohort: by the very first start event, or anew by the first of each period. */
export const COHORTS = ['first_time', 'recurring'] as const;

/** What counts as back in period k: an event in it, or in it or any later one. */
export const RETURNS = ['bounded', 'unbounded'] as const;

/** What a period is: so many hours since one's own start, or a calendar's. */
export const CLOCKS = ['rolling', 'calendar'] as const;

/** Periods after the first at most. */
export const MAX_PERIODS = 366;

/**
 * A retention. A cohort is those who did the start event in the same calendar period of the time zone; `first_time` takes
 * everybody once, by the first start event there ever was, also before the scope, `recurring` in each period that has one.
 * Period 0 is the cohort itself. Somebody is back in period k ≥ 1 who did the return event in it.
 *
 * `rolling`: period k is [k, k+1) times 24 hours (7 or 30 times that for weeks and months) after the start event.
 * `calendar`: period k is the kth day, week or month after that of the start event.
 */
export interface RetentionDefinition {
  readonly scope: Scope;
  readonly unit: Unit;
  readonly start: Selector;
  readonly back: Selector;
  readonly period: Period;
  /** Periods after period 0 that are answered. */
  readonly periods: number;
  readonly cohorts: (typeof COHORTS)[number];
  readonly returns: (typeof RETURNS)[number];
  readonly clock: (typeof CLOCKS)[number];
  /** IANA name. */
  readonly timeZone: string;
  /** Cohorts by a value at the start event, instead of by its period. */
  readonly grouping?: Grouping;
  /** Groups that are answered, the largest. */
  readonly groups: number;
  /** Until when events could have come, ms since 1970 UTC: periods that end later are incomplete. */
  readonly observedUntil: number;
}
