import { InvalidArgument } from '../errors.ts';
import type { PurchaseHistory } from './purchase-history.ts';

/** One order of a customer, in one currency, refunds already taken off. */
export interface Purchase {
  readonly customer: string;
  /** UTC day, counted from 1970-01-01. */
  readonly day: number;
  /** Net revenue, money. Zero is a purchase; below zero or not finite is not. */
  readonly revenue: number;
}

/** Days in a unit of time: weeks are days/7, not floored. */
export const DAYS_PER_UNIT = { day: 1, week: 7 } as const;

/** Unit of the times of histories and of the parameters fitted to them. */
export type TimeUnit = keyof typeof DAYS_PER_UNIT;

/** Observation window, in UTC days counted from 1970-01-01. */
export interface Window {
  /** First day that counts; purchases before it are ignored as if unknown. */
  readonly start: number;
  /** Last day included. */
  readonly cutoff: number;
}

/** A customer at the cutoff. */
export interface CustomerSummary extends PurchaseHistory {
  readonly customer: string;
  readonly firstDay: number;
  readonly lastDay: number;
  /** Mean revenue per repeat purchase day (the first day left out), money; 0 for x = 0. Gamma-Gamma's z̄. */
  readonly meanSpend: number;
  /** Revenue of all purchase days, money. */
  readonly totalSpend: number;
}

/** Summaries and what was left out. */
export interface PurchaseSummary {
  /** Ordered by customer (code units), so that equal purchases give equal lists. */
  readonly customers: readonly CustomerSummary[];
  readonly ignored: {
    readonly beforeStart: number;
    /** Includes purchases dated in the future. */
    readonly afterCutoff: number;
    /** Negative or not finite revenue. */
    readonly notPurchases: number;
  };
}

/**
 * Recency, frequency and money of each customer at the cutoff: orders of one UTC day are one purchase, T = cutoff −
 * first day, and a customer appears with the first purchase at or after `start`.
 *
 * @throws InvalidArgument when the window ends before it starts or a day is not whole
 */
export function summarisePurchases(
  purchases: Iterable<Purchase>,
  { start, cutoff }: Window,
  unit: TimeUnit = 'week',
): PurchaseSummary {
  if (!(Number.isInteger(start) && Number.isInteger(cutoff) && start <= cutoff)) {
    throw new InvalidArgument(`no window: ${start} to ${cutoff}`);
  }
  const ignored = { beforeStart: 0, afterCutoff: 0, notPurchases: 0 };
  const spendByDay = new Map<string, Map<number, number>>();
  for (const { customer, day, revenue } of purchases) {
    if (!Number.isInteger(day)) throw new InvalidArgument(`day ${day} is not whole`);
    if (!(revenue >= 0 && Number.isFinite(revenue))) ignored.notPurchases += 1;
    else if (day < start) ignored.beforeStart += 1;
    else if (day > cutoff) ignored.afterCutoff += 1;
    else {
      let days = spendByDay.get(customer);
      if (!days) spendByDay.set(customer, (days = new Map<number, number>()));
      days.set(day, (days.get(day) ?? 0) + revenue);
    }
  }
  const length = DAYS_PER_UNIT[unit];
  const customers = [...spendByDay]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([customer, days]): CustomerSummary => {
      const sorted = [...days.keys()].sort((a, b) => a - b);
      const firstDay = sorted[0] as number;
      const lastDay = sorted[sorted.length - 1] as number;
      const x = sorted.length - 1;
      // money is added in the order of days: the same orders give the same sum, in whatever order they came
      const totalSpend = sorted.reduce((sum, day) => sum + (days.get(day) as number), 0);
      const repeatSpend = sorted.slice(1).reduce((sum, day) => sum + (days.get(day) as number), 0);
      return {
        customer,
        x,
        tX: (lastDay - firstDay) / length,
        T: (cutoff - firstDay) / length,
        firstDay,
        lastDay,
        meanSpend: x > 0 ? repeatSpend / x : 0,
        totalSpend,
      };
    });
  return { customers, ignored };
}

/** What known customers did after the cutoff. */
export interface LaterPurchases {
  /** Purchase days in (cutoff, until]. */
  readonly purchases: number;
  /** Revenue on them, money. */
  readonly spend: number;
}

/**
 * Purchase days and revenue in (cutoff, until] of each given customer, zeros included, in the same order.
 *
 * @param until last UTC day included
 */
export function purchasesAfter(
  purchases: Iterable<Purchase>,
  customers: readonly { readonly customer: string }[],
  { cutoff, until }: { cutoff: number; until: number },
): LaterPurchases[] {
  const found = new Map(customers.map(({ customer }) => [customer, { days: new Set<number>(), spend: 0 }]));
  for (const { customer, day, revenue } of purchases) {
    if (day <= cutoff || day > until || !(revenue >= 0 && Number.isFinite(revenue))) continue;
    const later = found.get(customer);
    if (!later) continue;
    later.days.add(day);
    later.spend += revenue;
  }
  return customers.map(({ customer }) => {
    const { days, spend } = found.get(customer) as { days: Set<number>; spend: number };
    return { purchases: days.size, spend };
  });
}
