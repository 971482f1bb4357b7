import type { Selector } from '../selector/selector.ts';
import type { Period } from '../stream/period.ts';
import type { Scope, Unit } from '../stream/scope.ts';

/** What somebody is in a period. */
export const STAGES = ['new', 'returning', 'resurrected', 'dormant'] as const;

/** What somebody is in a period. */
export type Stage = (typeof STAGES)[number];

/**
 * The life cycle of product analytics. In a calendar period of the time zone somebody with an event of `activity` is `new`
 * (the first ever), `returning` (also active in the period before) or `resurrected` (active before, but not in the
 * period before); who was active in the period before and is not in this one is `dormant` in it.
 */
export interface LifecycleDefinition {
  readonly scope: Scope;
  readonly unit: Extract<Unit, 'person' | 'account'>;
  readonly activity: Selector;
  readonly period: Period;
  readonly timeZone: string;
  /** Until when events could have come, ms since 1970 UTC: nobody is dormant in a period that begins later. */
  readonly observedUntil: number;
}
