import { describe, expect, it } from '@jest/globals';
import { bgNbd } from '../model/beta-geometric.ts';
import { paretoNbd } from '../model/pareto-nbd.ts';
import { continuousRate, periodRate } from './discount.ts';
import { forecast } from './forecast.ts';
import { finiteLifetimeValue, infiniteLifetimeValue } from './lifetime-value.ts';

const HISTORY = { x: 3, tX: 20, T: 30 };
const PARETO = paretoNbd({ r: 0.55, alpha: 10.6, s: 0.61, beta: 11.7 });

describe('value', () => {
  it('of many short periods comes to the infinite one', () => {
    const delta = continuousRate(0.5, 'week');
    const worth = { spend: 30, margin: 0.4 };
    const finite = finiteLifetimeValue(PARETO, HISTORY, worth, {
      count: 40_000,
      length: 0.1,
      rate: Math.expm1(delta / 10),
    });
    expect(finite / infiniteLifetimeValue(PARETO, HISTORY, worth, delta)).toBeCloseTo(1, 3);
  });

  it('without discount is margin times spend times expected orders', () => {
    const model = bgNbd({ r: 0.24, alpha: 4.4, a: 0.8, b: 2.4 });
    const value = finiteLifetimeValue(
      model,
      HISTORY,
      { spend: 20, margin: 0.5 },
      { count: 4, length: 13, rate: 0 },
    );
    expect(value).toBeCloseTo(10 * model.expectedPurchases(52, HISTORY), 10);
  });

  it('knows the unit of a rate', () => {
    expect(continuousRate(0.15, 'week') * 52).toBeCloseTo(Math.log(1.15), 12);
    expect((1 + periodRate(0.15, 12)) ** 12).toBeCloseTo(1.15, 12);
    expect(() => continuousRate(-1, 'day')).toThrow(/annual/);
    expect(() => infiniteLifetimeValue(PARETO, HISTORY, { spend: 1, margin: 1 }, 0)).toThrow(/positive/);
    expect(() =>
      finiteLifetimeValue(PARETO, HISTORY, { spend: 1, margin: 1 }, { count: 0, length: 1, rate: 0 }),
    ).toThrow(/horizon/);
  });

  it('forecasts horizons in days whatever the unit', () => {
    const [month, year] = forecast(PARETO, HISTORY, { unit: 'week', spend: 20, horizonsDays: [30, 365] });
    expect(month?.orders).toBeCloseTo(PARETO.expectedPurchases(30 / 7, HISTORY), 12);
    expect(month?.revenue).toBeCloseTo(20 * (month?.orders as number), 12);
    expect(year?.pNoPurchase).toBeLessThan(month?.pNoPurchase as number);
    expect(
      forecast(PARETO, HISTORY, { unit: 'week', spend: null, horizonsDays: [30] })[0]?.revenue,
    ).toBeNull();
  });
});
