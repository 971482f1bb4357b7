import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { historyTable, rowsOf, thinned } from './purchase-history.ts';
import { type Purchase, purchasesAfter, summarisePurchases } from './summarise-purchases.ts';

const buy = (customer: string, day: number, revenue = 10): Purchase => ({ customer, day, revenue });
const WINDOW = { start: 100, cutoff: 200 };

describe('summarisePurchases', () => {
  it('merges a day, counts from the first, and leaves the first out of the mean', () => {
    const { customers } = summarisePurchases(
      [buy('b', 114, 5), buy('b', 100, 100), buy('b', 114, 7), buy('b', 121, 8), buy('a', 200, 3)],
      WINDOW,
    );
    expect(customers).toEqual([
      { customer: 'a', x: 0, tX: 0, T: 0, firstDay: 200, lastDay: 200, meanSpend: 0, totalSpend: 3 },
      { customer: 'b', x: 2, tX: 3, T: 100 / 7, firstDay: 100, lastDay: 121, meanSpend: 10, totalSpend: 120 },
    ]);
    expect(summarisePurchases([buy('b', 100), buy('b', 107)], WINDOW, 'day').customers[0]?.tX).toBe(7);
  });

  it('ignores what is before the start, in the future or no purchase, and says how much', () => {
    const { customers, ignored } = summarisePurchases(
      [buy('a', 99), buy('a', 150, 0), buy('a', 201), buy('b', 9_999), buy('c', 150, -5), buy('c', 151, NaN)],
      WINDOW,
    );
    expect(customers.map((c) => [c.customer, c.x, c.firstDay])).toEqual([['a', 0, 150]]);
    expect(ignored).toEqual({ beforeStart: 1, afterCutoff: 2, notPurchases: 2 });
  });

  it('does not depend on the order of the purchases', () => {
    const purchase = fc.record({
      customer: fc.constantFrom('a', 'b', 'c'),
      day: fc.integer({ min: 90, max: 210 }),
      revenue: fc.double({ min: 0, max: 100, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.uniqueArray(purchase, { selector: (p) => `${p.customer}${p.day}` }), (purchases) => {
        const summary = summarisePurchases(purchases, WINDOW);
        expect(summarisePurchases([...purchases].reverse(), WINDOW)).toEqual(summary);
        expect(() => historyTable(summary.customers)).not.toThrow();
      }),
    );
  });

  it('refuses windows and days that are none', () => {
    expect(() => summarisePurchases([], { start: 2, cutoff: 1 })).toThrow(/no window/);
    expect(() => summarisePurchases([buy('a', 150.5)], WINDOW)).toThrow(/not whole/);
  });

  it('tells what came after', () => {
    const purchases = [
      buy('a', 200),
      buy('a', 201, 4),
      buy('a', 201, 5),
      buy('b', 230),
      buy('c', 210),
      buy('a', 211, -1),
    ];
    expect(
      purchasesAfter(purchases, [{ customer: 'a' }, { customer: 'b' }], { cutoff: 200, until: 229 }),
    ).toEqual([
      { purchases: 1, spend: 9 },
      { purchases: 0, spend: 0 },
    ]);
  });
});

describe('historyTable', () => {
  it('joins equal histories', () => {
    const table = historyTable([
      { x: 1, tX: 2, T: 5 },
      { x: 0, tX: 0, T: 5 },
      { x: 1, tX: 2, T: 5, count: 3 },
    ]);
    expect([...rowsOf(table)]).toEqual([
      { x: 0, tX: 0, T: 5, count: 1 },
      { x: 1, tX: 2, T: 5, count: 4 },
    ]);
    expect(table.customers).toBe(5);
  });

  it('throws for what no customer can have', () => {
    for (const row of [
      { x: -1, tX: 0, T: 1 },
      { x: 0.5, tX: 1, T: 1 },
      { x: 1, tX: 2, T: 1 },
      { x: 1, tX: 0, T: 1 },
      { x: 0, tX: 1, T: 1 },
      { x: 0, tX: 0, T: NaN },
      { x: 0, tX: 0, T: 1, count: 0 },
    ]) {
      expect(() => historyTable([row])).toThrow(
        expect.objectContaining({ code: 'ANALYTICS.INVALID_HISTORY' }),
      );
    }
  });

  it('is thinned evenly, by customers and not by rows', () => {
    const table = historyTable([
      { x: 0, tX: 0, T: 5, count: 9_000 },
      { x: 1, tX: 2, T: 5, count: 1_000 },
    ]);
    expect([...rowsOf(thinned(table, 100))].map((row) => row.count)).toEqual([90, 10]);
    expect(thinned(table, 10_000)).toBe(table);
  });
});
