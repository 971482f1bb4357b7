import { describe, expect, it } from '@jest/globals';
import type { FitRequest } from '#config';
import type { EventId, Workspace } from '#kernel';
import { scoreBook } from '../score/score-book.ts';
import { scorerOf } from '../score/scorer.ts';
import { summariseBook } from '../purchases/purchase-book.ts';
import { bookOf, cdnowBook } from '../testing/book.ts';
import { dayOf } from '../utc-day.ts';
import { fitBook, type FitOutcome } from './fit-book.ts';
import type { FitResult } from './fit-result.ts';

const book = cdnowBook();
const REQUEST: FitRequest = {
  model: 'pareto_nbd',
  basis: 'purchases',
  timeUnit: 'week',
  start: null,
  cutoff: '1997-09-30',
  currency: 'USD',
  horizonDays: 365,
  churnHorizonDays: 90,
  margin: 0.5,
  discountRate: 0.1,
};
const input = { book, basis: 'purchases', currency: 'USD' } as const;
const resultOf = (outcome: FitOutcome): FitResult => {
  if (outcome.outcome !== 'fitted') throw new Error(JSON.stringify(outcome));
  return outcome.result;
};
const result = resultOf(fitBook({ ...input, request: REQUEST }));

describe('fitBook', () => {
  it('gives the same bits for the same purchases', () => {
    expect(resultOf(fitBook({ ...input, request: REQUEST }))).toEqual(result);
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });

  it('stops at the next step of any of its parts', () => {
    for (let polls = 0; polls < 400; polls += 80) {
      let asked = 0;
      const signal = {
        get aborted(): boolean {
          return asked++ >= polls;
        },
      };
      const request = { ...REQUEST, model: 'auto' as const };
      expect(fitBook({ ...input, request }, { signal })).toEqual({ outcome: 'cancelled' });
    }
  });

  it('gives a reason where there is nothing', () => {
    for (const [purchases, code] of [
      [{}, 'no_purchases'],
      [{ a: [[20_000, 5]] }, 'no_purchases'],
      [{ a: [[9_900, 5]] }, 'too_few_customers'],
    ] as const) {
      const outcome = fitBook({ ...input, book: bookOf(purchases), request: REQUEST });
      expect(outcome).toMatchObject({ outcome: 'refused', reason: { code } });
    }
    const activity = fitBook({ ...input, basis: 'activity', request: { ...REQUEST, model: 'gamma_gamma' } });
    expect(activity).toMatchObject({ outcome: 'refused', reason: { code: 'no_positive_spend' } });
  });

  it('tells gains that end with everybody', () => {
    const gains = result.churn?.later?.gains ?? [];
    expect(gains).toHaveLength(10);
    expect(gains.at(-1)).toEqual({ share: 1, used: 1, recency: 1 });
    expect(gains.map(({ used }) => used)).toEqual(gains.map(({ used }) => used).sort());
  });
});

describe('scores', () => {
  const run = { workspace: 'default' as Workspace, runId: 'run' as EventId, result };
  const { customers } = summariseBook(book, dayOf('1997-09-30'), 'week');

  it('keep half of the revenue where the margin is half, and are worth less where money is dearer', () => {
    const half = scorerOf(result, REQUEST);
    const whole = scorerOf(result, { ...REQUEST, margin: 1 });
    const dear = scorerOf(result, { ...REQUEST, discountRate: 0.5 });
    for (const customer of customers.slice(0, 200)) {
      expect(half(customer).clv).toBeCloseTo(whole(customer).clv / 2, 12);
      expect(dear(customer).clv).toBeLessThan(half(customer).clv);
      expect(half(customer).clvInfinite).toBeGreaterThan(half(customer).clv);
    }
    expect(scorerOf(result, { ...REQUEST, discountRate: 0 })(customers[0] as never).clvInfinite).toBeNull();
  });

  it('explain a probability of a model of purchases by its two parts', () => {
    const plain = { ...result, churn: null };
    const score = scorerOf(plain, REQUEST);
    for (const customer of customers.slice(0, 200)) {
      const { churn, reasons } = score(customer);
      const sum = reasons.reduce((all, { contribution }) => all + contribution, 0);
      expect(Math.abs(sum + Math.log1p(-churn))).toBeLessThan(2e-3 * Math.max(1, sum));
    }
  });

  it('follow purchases after the cutoff only where the request names none', () => {
    const cutoffs = (cutoff: string | null): Set<unknown> =>
      new Set([...scoreBook(run, { ...REQUEST, cutoff }, book)].map((row) => row[6]));
    expect(cutoffs('1997-09-30')).toEqual(new Set(['1997-09-30']));
    const followed = cutoffs(null);
    expect(followed.has('1997-09-30')).toBe(true);
    expect(followed.has('1998-06-30')).toBe(true);
  });
});
