import type { FitRequest } from '#config';
import { type PurchaseBook, summariseBook } from '../purchases/purchase-book.ts';
import { dayOf } from '../utc-day.ts';
import { type ScoredRun, scoreRow } from './score-rows.ts';
import { scorerOf } from './scorer.ts';

/**
 * Rows of scores of the customers of a book. Where the request names no cutoff, who bought after the fit's is scored as
 * of the last purchase: so a score follows from the fit and the person's purchases alone, whenever it is computed.
 */
export function* scoreBook(run: ScoredRun, request: FitRequest, book: PurchaseBook): Generator<unknown[]> {
  const cutoff = dayOf(run.result.cutoff);
  const lastOf = (row: number): number =>
    Math.max(cutoff, book.days[(book.starts[row + 1] as number) - 1] as number);
  const cutoffOf = request.cutoff === null ? lastOf : (): number => cutoff;
  const { customers, rows } = summariseBook(book, cutoffOf, request.timeUnit);
  const score = scorerOf(run.result, request);
  for (let i = 0; i < customers.length; i += 1) {
    const customer = customers[i] as (typeof customers)[number];
    const row = rows[i] as number;
    const fingerprint = book.fingerprints[row] as string;
    yield scoreRow(run, customer, score(customer), { cutoff: cutoffOf(row), fingerprint });
  }
}
