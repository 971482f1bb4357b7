import { describe, expect, it } from '@jest/globals';
import { historyTable, type PurchaseHistory } from '../history/purchase-history.ts';
import { bgNbdHistory, gammaDraw, seeded } from '../testing/simulate.ts';
import { fitGammaGamma } from './fit-gamma-gamma.ts';
import { fitTransactionModel } from './fit-transaction-model.ts';
import { buyingModel } from './transaction-models.ts';

const CUSTOMERS = 1_000_000;

describe('a million customers', () => {
  it('are fitted and scored; the times are printed, not judged', () => {
    const random = seeded(7);
    const histories: PurchaseHistory[] = [];
    for (let i = 0; i < CUSTOMERS; i += 1) {
      const days = 1 + Math.floor(random() * 730);
      histories.push(bgNbdHistory(random, { r: 0.9, alpha: 2, a: 0.5, b: 6 }, days));
    }
    const lines: string[] = [];
    const timed = <T>(what: string, work: () => T): T => {
      const from = performance.now();
      const result = work();
      lines.push(`${what}: ${Math.round(performance.now() - from)} ms`);
      return result;
    };
    const table = timed('table', () => historyTable(histories));
    lines.push(`${table.x.length} distinct histories`);
    for (const name of ['bg_nbd', 'mbg_nbd', 'pareto_nbd'] as const) {
      const fit = timed(`fit ${name}`, () => fitTransactionModel(name, table));
      if (fit.outcome !== 'fitted') throw new Error(`${name}: ${fit.outcome}`);
      const model = buyingModel(name, fit.parameters);
      const finite = timed(`score ${name}, four horizons`, () =>
        histories.every((h) =>
          [30, 90, 180, 365].every((days) => Number.isFinite(model.expectedPurchases(days / 7, h))),
        ),
      );
      expect(finite).toBe(true);
    }
    const spend = histories
      .filter(({ x }) => x > 0)
      .map(({ x }) => ({ x, meanSpend: (gammaDraw(random, 6 * x) * 15) / gammaDraw(random, 3.7) / x }));
    expect(timed('fit gamma_gamma', () => fitGammaGamma(spend)).outcome).toBe('fitted');
    console.log(lines.join('\n'));
  }, 600_000);
});
