import { describe, expect, it } from '@jest/globals';
import { DEFAULT_THRESHOLDS, lifecycleHistory, lifecycleThresholds } from './lifecycle-stage.ts';
import { quantile } from './quantile.ts';
import { rfm } from './rfm.ts';

describe('rfm', () => {
  it('gives equal customers equal scores and nobody none', () => {
    const { scores } = rfm(new Array(7).fill({ recency: 3, frequency: 1, money: 0 }));
    expect(new Set(scores.map((s) => JSON.stringify(s)))).toEqual(new Set(['{"r":5,"f":1,"m":1}']));
    expect(rfm([])).toEqual({ scores: [], edges: { recency: [], frequency: [], money: [] } });
  });

  it('scores the recent, frequent and generous best', () => {
    const { scores } = rfm([1, 2, 3, 4, 5].map((n) => ({ recency: n, frequency: n, money: n })));
    expect(scores.map(({ r, f, m }) => [r, f, m])).toEqual([
      [5, 1, 1],
      [4, 2, 2],
      [3, 3, 3],
      [2, 4, 4],
      [1, 5, 5],
    ]);
  });

  it('interpolates quantiles as R does', () => {
    expect(quantile([1, 2, 3, 4], 0.25)).toBe(1.75);
    expect(quantile([7], 0.9)).toBe(7);
  });
});

describe('lifecycle', () => {
  const thresholds = { activeDays: 30, lapsedDays: 90 };
  const stages = (days: number[], asOf: number): string[] =>
    lifecycleHistory(days, asOf, thresholds).map(({ day, stage }) => `${day} ${stage}`);

  it('tells the whole story, whatever the order of the days', () => {
    expect(stages([200, 0, 10, 205, 10], 300)).toEqual([
      '0 new',
      '10 active',
      '41 cooling',
      '101 lapsed',
      '200 won_back',
      '205 active',
      '236 cooling',
      '296 lapsed',
    ]);
  });

  it('changes on the day after a threshold has passed, and not before it is known', () => {
    expect(stages([0], 30)).toEqual(['0 new']);
    expect(stages([0], 31)).toEqual(['0 new', '31 cooling']);
    expect(stages([0], 91)).toEqual(['0 new', '31 cooling', '91 lapsed']);
    expect(stages([5], 4)).toEqual([]);
    expect(stages([0, 91], 91)).toEqual(['0 new', '31 cooling', '91 active']);
  });

  it('takes its thresholds from how often people buy', () => {
    expect(lifecycleThresholds([1, 2, 3])).toBe(DEFAULT_THRESHOLDS);
    expect(lifecycleThresholds(Array.from({ length: 101 }, (_, i) => i))).toEqual({
      activeDays: 75,
      lapsedDays: 95,
    });
    expect(lifecycleThresholds(new Array<number>(50).fill(7))).toEqual({ activeDays: 7, lapsedDays: 8 });
  });
});
