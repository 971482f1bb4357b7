import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { purchasesAfter, summarisePurchases } from '#analytics';
import { bookOf } from '../testing/book.ts';
import { dataDigest } from './data-digest.ts';
import { laterPurchases, summariseBook, thinBook } from './purchase-book.ts';

const purchaseDays = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 50 })), {
    minLength: 1,
    maxLength: 8,
    selector: ([day]) => day,
  })
  .map((days) => days.sort(([a], [b]) => a - b));
const books = fc.dictionary(fc.stringMatching(/^[a-e]$/), purchaseDays);

describe('a book', () => {
  it('has the summaries and the later purchases that the library makes of a list', () => {
    fc.assert(
      fc.property(books, fc.integer({ min: 0, max: 60 }), (purchases, cutoff) => {
        const book = bookOf(purchases);
        const list = Object.entries(purchases).flatMap(([customer, days]) =>
          days.map(([day, revenue]) => ({ customer, day, revenue })),
        );
        const { customers } = summarisePurchases(list, { start: 0, cutoff });
        const own = summariseBook(book, cutoff, 'week');
        const sorted = [...own.customers].sort((a, b) => (a.customer < b.customer ? -1 : 1));
        expect(sorted).toEqual(customers);
        const days = { cutoff, until: cutoff + 20 };
        expect(laterPurchases(book, own.rows, days)).toEqual(purchasesAfter(list, own.customers, days));
      }),
    );
  });

  it('can have a cutoff of its own for each customer', () => {
    const book = bookOf({
      a: [[1, 5]],
      b: [
        [3, 7],
        [9, 7],
      ],
    });
    const { customers } = summariseBook(book, (row) => (row === 0 ? 5 : 9), 'day');
    expect(customers.map(({ T, x, totalSpend }) => [T, x, totalSpend])).toEqual([
      [4, 0, 5],
      [6, 1, 14],
    ]);
  });

  it('is thinned evenly', () => {
    const book = bookOf(
      Object.fromEntries(
        'abcdefghij'.split('').map((name, i) => [
          name,
          [
            [i, i],
            [20, 1],
          ],
        ]),
      ),
    );
    const thin = thinBook(book, 5);
    expect(thin.customers).toEqual(['a', 'c', 'e', 'g', 'i']);
    expect(summariseBook(thin, 30, 'day').customers.map(({ firstDay }) => firstDay)).toEqual([0, 2, 4, 6, 8]);
    expect(thinBook(book, 10)).toBe(book);
  });
});

describe('dataDigest', () => {
  const digest = (purchases: Parameters<typeof bookOf>[0]): string => dataDigest(bookOf(purchases), 10);
  const same = digest({
    a: [
      [1, 5],
      [2, 6],
    ],
    b: [[3, 7]],
  });

  it('changes with a person, a day or an amount, and not with what came after the cutoff', () => {
    expect(same).toMatch(/^[0-9a-f]{64}$/);
    expect(
      digest({
        a: [
          [1, 5],
          [2, 6],
          [11, 9],
        ],
        b: [[3, 7]],
        c: [[12, 1]],
      }),
    ).toBe(same);
    const others = [
      digest({
        a: [
          [1, 5],
          [2, 6],
        ],
        c: [[3, 7]],
      }),
      digest({
        a: [
          [1, 5],
          [2, 6],
        ],
        b: [[4, 7]],
      }),
      digest({
        a: [
          [1, 5],
          [2, 6],
        ],
        b: [[3, 7.01]],
      }),
      digest({
        a: [
          [1, 5],
          [2, 6],
          [3, 7],
        ],
      }),
    ];
    expect(new Set([same, ...others]).size).toBe(5);
  });
});
