import type { CustomerSummary } from '#analytics';
import type { EventId, Workspace } from '#kernel';
import type { FitResult } from '../fit/fit-result.ts';
import { dateOf } from '../utc-day.ts';
import type { Score } from './scorer.ts';

/** The fit that rows of scores belong to. */
export interface ScoredRun {
  readonly workspace: Workspace;
  readonly runId: EventId;
  readonly result: FitResult;
}

/** Values of a `profile_scores` row, in the order of the table. `cutoff` is a UTC day. */
export function scoreRow(
  { workspace, runId, result }: ScoredRun,
  customer: CustomerSummary,
  { pAlive, orders, spend, clv, clvInfinite, churn, band, reasons }: Score,
  { cutoff, fingerprint }: { readonly cutoff: number; readonly fingerprint: string },
): unknown[] {
  return [
    workspace,
    customer.customer,
    runId,
    result.model,
    result.basis,
    result.currency,
    dateOf(cutoff),
    dateOf(customer.firstDay),
    dateOf(customer.lastDay),
    customer.x + 1,
    customer.totalSpend,
    pAlive,
    ...orders,
    ...orders.map((expected) => expected * spend),
    spend,
    clv,
    clvInfinite,
    churn,
    band,
    JSON.stringify(reasons),
    fingerprint,
    0,
  ];
}

/** Columns from `revenue` to `clv`. */
const NUMBERS = 12;

/** Values of a row that takes a person's score back: all purchases went to somebody else, or were cancelled. */
export function deletedRow({ workspace, runId, result }: ScoredRun, profileId: string): unknown[] {
  const never = '1970-01-01';
  const { model, basis, currency } = result;
  return [
    ...[workspace, profileId, runId, model, basis, currency, never, never, never, 0],
    ...new Array<number>(NUMBERS).fill(0),
    null,
    ...[0, '', '[]', '0', 1],
  ];
}
