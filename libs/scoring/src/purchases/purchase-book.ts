import { type CustomerSummary, DAYS_PER_UNIT, type LaterPurchases, type TimeUnit } from '#analytics';

/**
 * Purchase days of customers as columns: a million customers are a few arrays. Days are UTC, counted from 1970-01-01;
 * orders of one day are one purchase. Of customer i: `days` and `spend` from `starts[i]` to before `starts[i + 1]`.
 */
export interface PurchaseBook {
  /** Profile ids, in the order that the tables gave. */
  readonly customers: readonly string[];
  /** One more than customers. */
  readonly starts: Uint32Array;
  /** Ascending and distinct within a customer. */
  readonly days: Int32Array;
  /** Net revenue of the day, money, ≥ 0; 0 where activity is counted. */
  readonly spend: Float64Array;
  /** Hash of each customer's purchases, decimal, as the tables computed it. */
  readonly fingerprints: readonly string[];
}

/** Customers who had bought by a cutoff, and where they stand in the book. */
export interface BookSummary {
  readonly customers: readonly CustomerSummary[];
  /** Row of the book of each. */
  readonly rows: Int32Array;
}

/**
 * Recency, frequency and money of each customer at a cutoff, the last UTC day included; who bought later only is left
 * out. The same figures as `summarisePurchases` of `#analytics` gives, from days that are merged already.
 *
 * @param cutoff of all customers, or of a row of the book
 */
export function summariseBook(
  book: PurchaseBook,
  cutoff: number | ((row: number) => number),
  unit: TimeUnit,
): BookSummary {
  const length = DAYS_PER_UNIT[unit];
  const customers: CustomerSummary[] = [];
  const rows: number[] = [];
  for (let row = 0; row < book.customers.length; row += 1) {
    const last = typeof cutoff === 'number' ? cutoff : cutoff(row);
    const from = book.starts[row] as number;
    const to = book.starts[row + 1] as number;
    const firstDay = book.days[from] as number;
    if (from === to || firstDay > last) continue;
    let end = from;
    let totalSpend = 0;
    for (; end < to && (book.days[end] as number) <= last; end += 1) totalSpend += book.spend[end] as number;
    const x = end - from - 1;
    const lastDay = book.days[end - 1] as number;
    customers.push({
      customer: book.customers[row] as string,
      x,
      tX: (lastDay - firstDay) / length,
      T: (last - firstDay) / length,
      firstDay,
      lastDay,
      meanSpend: x > 0 ? repeatSpend(book, from + 1, end) / x : 0,
      totalSpend,
    });
    rows.push(row);
  }
  return { customers, rows: Int32Array.from(rows) };
}

function repeatSpend({ spend }: PurchaseBook, from: number, end: number): number {
  let sum = 0;
  for (let i = from; i < end; i += 1) sum += spend[i] as number;
  return sum;
}

/** Purchase days and revenue in (cutoff, until] of rows of the book. */
export function laterPurchases(
  book: PurchaseBook,
  rows: Int32Array,
  { cutoff, until }: { readonly cutoff: number; readonly until: number },
): LaterPurchases[] {
  return Array.from(rows, (row) => {
    let [purchases, spend] = [0, 0];
    for (let i = book.starts[row] as number; i < (book.starts[row + 1] as number); i += 1) {
      const day = book.days[i] as number;
      if (day <= cutoff || day > until) continue;
      purchases += 1;
      spend += book.spend[i] as number;
    }
    return { purchases, spend };
  });
}

/**
 * At most `most` customers at equal steps through the book: the same each time. Customers stand in the order of random
 * ids, so the steps choose nothing.
 */
export function thinBook(book: PurchaseBook, most: number): PurchaseBook {
  const all = book.customers.length;
  if (all <= most) return book;
  const rows = Array.from({ length: most }, (_, i) => Math.floor((i * all) / most));
  const starts = new Uint32Array(most + 1);
  rows.forEach((row, i) => {
    starts[i + 1] = (starts[i] as number) + (book.starts[row + 1] as number) - (book.starts[row] as number);
  });
  const days = new Int32Array(starts[most] as number);
  const spend = new Float64Array(days.length);
  rows.forEach((row, i) => {
    const [from, to] = [book.starts[row], book.starts[row + 1]];
    days.set(book.days.subarray(from, to), starts[i]);
    spend.set(book.spend.subarray(from, to), starts[i]);
  });
  return {
    customers: rows.map((row) => book.customers[row] as string),
    fingerprints: rows.map((row) => book.fingerprints[row] as string),
    starts,
    days,
    spend,
  };
}
