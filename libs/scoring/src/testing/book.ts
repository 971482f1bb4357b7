import { readFileSync } from 'node:fs';
import type { PurchaseBook } from '../purchases/purchase-book.ts';
import { dayOf } from '../utc-day.ts';

/** A book from purchases by customer: [day, spend], ascending. */
export function bookOf(
  purchases: Readonly<Record<string, readonly (readonly [number, number])[]>>,
): PurchaseBook {
  const customers = Object.keys(purchases);
  const starts = [0];
  const rows = customers.flatMap((customer) => {
    const own = purchases[customer] as readonly (readonly [number, number])[];
    starts.push((starts.at(-1) as number) + own.length);
    return own;
  });
  return {
    customers,
    fingerprints: customers.map((_, i) => String(i)),
    starts: Uint32Array.from(starts),
    days: Int32Array.from(rows, ([day]) => day),
    spend: Float64Array.from(rows, ([, spend]) => spend),
  };
}

const CDNOW = new URL('../../../analytics/fixtures/cdnow-sample.txt', import.meta.url);

/** Every purchase of the CDNOW sample; customers are the sample's numbers. */
export function cdnowBook(): PurchaseBook {
  const bought: Record<string, [number, number][]> = {};
  for (const line of readFileSync(CDNOW, 'utf8').trim().split('\n')) {
    const [, customer, date, , dollars] = line.trim().split(/\s+/) as [
      string,
      string,
      string,
      string,
      string,
    ];
    const day = dayOf(`${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`);
    const own = (bought[customer] ??= []);
    const last = own.at(-1);
    if (last?.[0] === day) last[1] += Number(dollars);
    else own.push([day, Number(dollars)]);
  }
  return bookOf(bought);
}
