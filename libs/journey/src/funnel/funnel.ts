import type { Selector } from '../selector/selector.ts';
import { areDisjoint, areEqual } from '../selector/selector.ts';
import type { Grouping } from '../stream/grouping.ts';
import type { Scope, Unit } from '../stream/scope.ts';

/**
 * How steps follow one another: `ordered` with anything between, `strict` with nothing between, `any` in whatever order.
 */
export const STEP_ORDERS = ['ordered', 'strict', 'any'] as const;

/** How steps follow one another. */
export type StepOrder = (typeof STEP_ORDERS)[number];

/** Steps at most: they are bits of one number. */
export const MAX_STEPS = 20;

/** Exclusions at most. */
export const MAX_EXCLUSIONS = 10;

/** Longest conversion window, ms: ten years. */
export const MAX_WINDOW_MS = 3_650 * 86_400_000;

/** Steps of `any` that one event could serve and that do not say the same: each set of them is counted. */
export const MAX_OVERLAPPING = 4;

/** What must not happen between two steps. */
export interface Exclusion {
  readonly selector: Selector;
  /** Step after whose event it excludes, from 1. */
  readonly after: number;
  /** Step before whose event it excludes. */
  readonly before: number;
}

/**
 * A funnel. An attempt starts with any event of step 1 and takes the earliest event of each further step behind the
 * one before it, no later than the window after the start. An event serves one step of an attempt. Events are ordered by
 * time, and where times are equal by their position in the log. A history is counted by its attempt that comes farthest;
 * of several, by that which gets there first, and of these by that which started last.
 *
 * `any`: as many different steps as happen within one window, each by an event of its own.
 *
 * An exclusion takes a history out of the funnel when an excluding event lies in one of its attempts behind the step
 * `after`, within the window, while the step `before` is not reached; for `any`, when it lies in a window that holds
 * some of the steps but not all.
 */
export interface FunnelDefinition {
  readonly scope: Scope;
  readonly unit: Unit;
  readonly steps: readonly Selector[];
  readonly order: StepOrder;
  /** From the first to the last step, ms, inclusive; absent: no limit. */
  readonly windowMs?: number;
  readonly exclusions: readonly Exclusion[];
  /** Value at the event that starts the counted attempt. */
  readonly grouping?: Grouping;
  /** Groups that are answered apart, the largest; the rest is told together. */
  readonly groups: number;
}

/**
 * Steps of `any` put together that one event could serve: numbers of steps, from 0. Those that say the same are one
 * class and need as many events.
 */
export function overlappingSteps(steps: readonly Selector[]): number[][] {
  const sets: number[][] = [];
  steps.forEach((step, i) => {
    const touched = sets.filter((set) => set.some((j) => !areDisjoint(step, steps[j] as Selector)));
    for (const set of touched) sets.splice(sets.indexOf(set), 1);
    sets.push([...touched.flat(), i]);
  });
  return sets;
}

/** True if all of these steps say the same. */
export function sayTheSame(steps: readonly Selector[], numbers: readonly number[]): boolean {
  const [first, ...rest] = numbers.map((i) => steps[i] as Selector) as [Selector, ...Selector[]];
  return rest.every((step) => areEqual(first, step));
}
