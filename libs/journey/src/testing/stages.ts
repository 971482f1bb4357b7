import { lifecycleHistory, type LifecycleThresholds, DEFAULT_THRESHOLDS } from '#analytics';
import { NEVER_BOUGHT } from '../stream/segment.ts';

/** Days are UTC days. */
const DAY_MS = 86_400_000;

/** An order as the evaluators see it: the person of now already resolved. */
export interface TestOrder {
  readonly anchor: number;
  readonly person: string;
  /** Ms since 1970 UTC. */
  readonly at: number;
  readonly status: 'completed' | 'partially_refunded' | 'refunded' | 'cancelled';
  /** Whether it is a return that was written as an order. */
  readonly isReturn: boolean;
}

/** Orders of a workspace, and the thresholds of its newest fit if there is one. */
export interface Commerce {
  readonly orders: readonly TestOrder[];
  readonly thresholds?: LifecycleThresholds;
}

/**
 * Stage of a person at a moment by what had been bought up to then and nothing later: silence is counted in whole days,
 * up to the newest day with an order at most. A day on which somebody buys is no day of silence.
 */
export function stageAt({ orders, thresholds }: Commerce, person: string, moment: number): string {
  const purchases = orders.filter(
    ({ status, isReturn, person: buyer }) =>
      (status === 'completed' || status === 'partially_refunded') && !isReturn && buyer !== '',
  );
  const newest = Math.max(...purchases.map(({ at }) => dayOf(at)));
  const own = purchases.filter((order) => order.person === person);
  const bought = own.filter(({ at }) => at <= moment).map(({ at }) => dayOf(at));
  const today = dayOf(moment);
  const isSilent = bought.includes(today) || !own.some(({ at }) => dayOf(at) === today);
  const known = Math.min(newest, isSilent ? today : today - 1);
  return lifecycleHistory(bought, known, thresholds ?? DEFAULT_THRESHOLDS).at(-1)?.stage ?? NEVER_BOUGHT;
}

function dayOf(ms: number): number {
  return Math.floor(ms / DAY_MS);
}
