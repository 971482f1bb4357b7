import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type CountedHistory, historyTable } from '../history/purchase-history.ts';
import { bgNbdHistory, gammaDraw, seeded } from '../testing/simulate.ts';
import type { TransactionModelName } from './buying-model.ts';
import { fitGammaGamma, summariseSpend } from './fit-gamma-gamma.ts';
import type { FitResult } from './fit-result.ts';
import { fitTransactionModel } from './fit-transaction-model.ts';
import { buyingModel } from './transaction-models.ts';

const MODELS: readonly TransactionModelName[] = ['bg_nbd', 'mbg_nbd', 'pareto_nbd'];
const TRUTH = { r: 0.6, alpha: 5, a: 0.8, b: 3 };
const simulated = (n: number, seed = 11): CountedHistory[] => {
  const random = seeded(seed);
  return Array.from({ length: n }, () => bgNbdHistory(random, TRUTH, 200 + Math.floor(random() * 500)));
};
const same = (n: number, history: CountedHistory): CountedHistory[] =>
  new Array<CountedHistory>(n).fill(history);
const reasonOf = (fit: FitResult<string>): string => (fit.outcome === 'refused' ? fit.reason : fit.outcome);

describe('fits of transaction models', () => {
  it('find the parameters that made the data, within their standard errors', () => {
    // days merged into one purchase thin out the busiest, so the unit here is fine against the rates
    const fit = fitTransactionModel('bg_nbd', historyTable(simulated(20_000)));
    if (fit.outcome !== 'fitted') throw new Error(fit.outcome);
    for (const [name, truth] of Object.entries(TRUTH)) {
      const off = Math.abs((fit.parameters[name] as number) - truth);
      expect(off).toBeLessThan(4 * (fit.standardErrors[name] as number) + 0.08 * truth);
    }
  });

  it('are the same for counted and for single rows, in any order', () => {
    const rows = simulated(400);
    const doubled = [...rows, ...rows].reverse();
    const counted = rows.map((row) => ({ ...row, count: 2 }));
    for (const model of MODELS) {
      expect(fitTransactionModel(model, historyTable(doubled))).toEqual(
        fitTransactionModel(model, historyTable(counted)),
      );
    }
  });

  it('in days and in weeks differ only in the unit of time', () => {
    const rows = simulated(2_000);
    const days = rows.map((row) => ({ ...row, tX: row.tX * 7, T: row.T * 7 }));
    for (const model of MODELS) {
      const inWeeks = fitTransactionModel(model, historyTable(rows));
      const inDays = fitTransactionModel(model, historyTable(days));
      if (inWeeks.outcome !== 'fitted' || inDays.outcome !== 'fitted') throw new Error(model);
      for (const [name, value] of Object.entries(inWeeks.parameters)) {
        const time = name === 'alpha' || name === 'beta';
        expect((inDays.parameters[name] as number) / (time ? 7 : 1) / value).toBeCloseTo(1, 3);
      }
      const orders = buyingModel(model, inDays.parameters).expectedPurchases(70, { x: 2, tX: 70, T: 140 });
      const same = buyingModel(model, inWeeks.parameters).expectedPurchases(10, { x: 2, tX: 10, T: 20 });
      expect(orders / same).toBeCloseTo(1, 4);
    }
  });

  it('refuse with a reason what carries no model', () => {
    for (const model of MODELS) {
      const reason = (rows: CountedHistory[]): string =>
        reasonOf(fitTransactionModel(model, historyTable(rows)));
      expect(reason([])).toBe('too_few_customers');
      expect(reason([{ x: 3, tX: 5, T: 9 }])).toBe('too_few_customers');
      expect(reason(same(500, { x: 0, tX: 0, T: 20 }))).toBe('no_repeat_purchases');
      expect(reason([...same(500, { x: 0, tX: 0, T: 20 }), ...same(3, { x: 1, tX: 2, T: 20 })])).toBe(
        'too_few_repeat_customers',
      );
      expect(reason(same(50, { x: 4, tX: 20, T: 20 }))).toBe('no_time_after_purchases');
      const bots = same(60, { x: 139, tX: 139 / 7, T: 20 });
      expect(['parameter_without_bound', 'not_identified']).toContain(reason(bots));
      const identical = same(100, { x: 3, tX: 10, T: 20 });
      expect(['parameter_without_bound', 'not_identified']).toContain(reason(identical));
    }
  });

  it('stop when told so, and say how far they are', () => {
    const table = historyTable(simulated(300));
    let calls = 0;
    const signal = {
      get aborted(): boolean {
        return calls >= 5;
      },
    };
    const stopped = fitTransactionModel('bg_nbd', table, { signal, onProgress: () => (calls += 1) });
    expect(stopped).toEqual({ outcome: 'cancelled' });
    const seen: number[] = [];
    fitTransactionModel('bg_nbd', table, { onProgress: ({ evaluations }) => seen.push(evaluations) });
    expect(seen.length).toBeGreaterThan(20);
    expect([...seen].sort((a, b) => a - b)).toEqual(seen);
  });

  it('give finite numbers or a reason, whatever the customers', () => {
    const history = fc
      .tuple(
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 0, max: 100 }),
        fc.integer({ min: 1, max: 40 }),
      )
      .map(([x, tX, rest, count]) => ({ x, tX: x === 0 ? 0 : tX, T: (x === 0 ? 0 : tX) + rest, count }));
    fc.assert(
      fc.property(fc.array(history, { maxLength: 12 }), fc.constantFrom(...MODELS), (rows, model) => {
        const fit = fitTransactionModel(model, historyTable(rows));
        if (fit.outcome !== 'fitted') {
          expect(fit.outcome).toBe('refused');
          return;
        }
        const numbers = [
          fit.logLikelihood,
          ...Object.values(fit.parameters),
          ...Object.values(fit.standardErrors),
        ];
        expect(numbers.every(Number.isFinite)).toBe(true);
        for (const row of rows) {
          expect(Number.isFinite(buyingModel(model, fit.parameters).expectedPurchases(52, row))).toBe(true);
        }
      }),
      { numRuns: process.env.TEMAS_LONG === '1' ? 1_000 : 40 },
    );
  });
});

describe('fits of spend', () => {
  const spenders = (n: number, q: number): { x: number; meanSpend: number }[] => {
    const random = seeded(5);
    return Array.from({ length: n }, () => {
      const x = 1 + Math.floor(random() * 6);
      const rate = gammaDraw(random, q) / 15;
      return { x, meanSpend: gammaDraw(random, 6 * x) / rate / x };
    });
  };

  it('find the parameters, in any unit of money', () => {
    const cents = fitGammaGamma(spenders(20_000, 3.7).map((h) => ({ ...h, meanSpend: h.meanSpend * 100 })));
    if (cents.outcome !== 'fitted') throw new Error(cents.outcome);
    const off = (name: string, truth: number): number =>
      Math.abs((cents.parameters[name] as number) - truth) / (cents.standardErrors[name] as number);
    expect(off('p', 6)).toBeLessThan(4);
    expect(off('q', 3.7)).toBeLessThan(4);
    expect(off('v', 1500)).toBeLessThan(4);
  });

  it('refuse with a reason what carries no model', () => {
    const reason = (rows: { x: number; meanSpend: number }[]): string => reasonOf(fitGammaGamma(rows));
    expect(reason([])).toBe('no_positive_spend');
    expect(reason(new Array(50).fill({ x: 2, meanSpend: 0 }))).toBe('no_positive_spend');
    expect(reason(new Array(50).fill({ x: 0, meanSpend: 0 }))).toBe('no_positive_spend');
    expect(reason(spenders(5, 3))).toBe('too_few_repeat_customers');
    expect(reason(new Array(50).fill({ x: 2, meanSpend: 9.99 }))).toBe('constant_spend');
    expect(reason(spenders(5_000, 0.6))).toBe('infinite_mean_spend');
  });

  it('are beside facts that need no model', () => {
    const histories = [
      { x: 0, meanSpend: 0 },
      { x: 2, meanSpend: 10 },
      { x: 1, meanSpend: 40 },
      { x: 4, meanSpend: 0 },
    ];
    expect(summariseSpend(histories)).toEqual({ customers: 2, excluded: 1, pooledMean: 20, correlation: -1 });
    expect(summariseSpend([]).pooledMean).toBeNull();
  });
});
