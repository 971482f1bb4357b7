import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { golden } from '../testing/fixtures.ts';
import type { PurchaseHistory } from '../history/purchase-history.ts';
import { bgNbd, mbgNbd } from './beta-geometric.ts';
import { survivingPurchases } from './beta-geometric-purchases.ts';
import type { BuyingModel } from './buying-model.ts';
import { logParetoIntegral } from './pareto-integral.ts';
import { paretoNbd } from './pareto-nbd.ts';
import { buyingModel } from './transaction-models.ts';

const GRIDS = golden('stability-grids.json');
const PUBLISHED = golden('published-checks.json').published_checks;
const at = (x: number, tX: number, T: number): PurchaseHistory => ({ x, tX, T });
const relative = (value: number, truth: number): number => Math.abs(value / truth - 1);

describe('stability grids (40 digits)', () => {
  it('holds BG/NBD everywhere, without NaN', () => {
    for (const { params, t, x, tx, T, cet, p_alive } of GRIDS.stability_grid_mpmath40) {
      const [r, alpha, a, b] = params;
      const model = bgNbd({ r, alpha, a, b });
      expect(relative(model.expectedPurchases(t, at(x, tx, T)), cet)).toBeLessThan(1e-12);
      expect(relative(model.pAlive(at(x, tx, T)), p_alive)).toBeLessThan(1e-12);
      expect(Number.isFinite(model.discountedPurchases(0.0027, at(x, tx, T)))).toBe(true);
    }
  });

  it('goes smoothly through a = 1', () => {
    const { params, t, x, tx, T, cet } = GRIDS.stable_forms.bgnbd_a_equal_1;
    const [r, alpha, , b] = params;
    for (const a of [1, 1 - 1e-13, 1 + 1e-13]) {
      expect(bgNbd({ r, alpha, a, b }).expectedPurchases(t, at(x, tx, T))).toBeCloseTo(cet, 11);
    }
  });

  it('holds MBG/NBD and the logarithms of the Pareto/NBD integral', () => {
    const mbg = mbgNbd(golden('published-checks.json').cdnow_sample_published_2dp.mbgnbd.params);
    for (const { x, tx, T, t, mbg_stable } of GRIDS.stable_forms.mbgnbd_check) {
      expect(relative(mbg.expectedPurchases(t, at(x, tx, T)), mbg_stable)).toBeLessThan(2e-4);
    }
    for (const { r, alpha, s, beta, x, t, log } of GRIDS.stable_forms.pareto_logA0_terms) {
      expect(relative(logParetoIntegral({ r, alpha, s, beta }, x, t), log)).toBeLessThan(1e-12);
    }
  });

  it('gives the same by series and by quadrature, also where r is large and the series would cancel', () => {
    for (const a of [0.3, 1, 2.5]) {
      for (const shape of [0.2, 3, 8.5]) {
        // 8.49 apart: on either side of the switch
        const low = survivingPurchases({ shape, time: 0.4, a, b: 1.2 });
        const c = a + 1.2 - 1;
        let direct = 0;
        let term = 1;
        for (let n = 1; n < 400; n += 1) {
          term *= ((shape + n - 1) * -0.4 * (n === 1 ? 1 : a + n - 2)) / ((n === 1 ? 1 : c + n - 1) * n);
          direct -= term;
        }
        expect(low).toBeCloseTo(direct, 10);
      }
    }
    expect(survivingPurchases({ shape: 60, time: 2, a: 0.5, b: 4 })).toBeGreaterThan(0);
  });
});

describe('published BG/NBD values', () => {
  const rounded = bgNbd({ r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 });

  it('has P(alive), expectations and probabilities', () => {
    expect(rounded.pAlive(at(23, 39, 39))).toBeCloseTo(0.9685555, 7);
    PUBLISHED['bgnbd_rounded_params_palive_x5..20_tx30_T39'].forEach((p: number, i: number) => {
      expect(rounded.pAlive(at(5 + i, 30, 39))).toBeCloseTo(p, 12);
    });
    expect(rounded.expectedPurchases(2, at(10, 35, 39))).toBeCloseTo(0.3915692, 7);
    expect(rounded.expectedRepeats(52)).toBeCloseTo(PUBLISHED.bgnbd_rounded_params_E_52, 12);
    expect(rounded.pRepeats(0, 39)).toBeCloseTo(0.5737864, 7);
    expect(relative(rounded.pRepeats(10, 2), 1.07869e-7)).toBeLessThan(1e-5);
    PUBLISHED['bgnbd_pmf_n11..20_t30'].forEach((p: number, i: number) => {
      expect(relative(rounded.pRepeats(11 + i, 30), p)).toBeLessThan(1e-12);
    });
    let sum = 0;
    for (let n = 0; n < 120; n += 1) sum += rounded.pRepeats(n, 39);
    expect(sum).toBeCloseTo(PUBLISHED['bgnbd_pmf_sum_0..119_t39'], 12);
    expect(rounded.pAlive(at(1000, 10, 100))).toBe(0);
  });

  it('has a single likelihood', () => {
    const model = bgNbd({ r: 0.5, alpha: 6, a: 1.2, b: 3.3 });
    expect(model.logLikelihood(at(3, 4, 6))).toBeCloseTo(-7.5763818766966, 11);
  });
});

describe('published Pareto/NBD values', () => {
  const [r, alpha, s, beta] = PUBLISHED.pnbd_btyd_est_params;
  const model = paretoNbd({ r, alpha, s, beta });

  it('has expectations and P(alive)', () => {
    expect(model.expectedRepeats(52)).toBeCloseTo(PUBLISHED.pnbd_E_52, 4);
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].forEach((t) => {
      expect(model.expectedRepeats(t)).toBeCloseTo(PUBLISHED['pnbd_E_0..9'][t], 5);
    });
    expect(model.pAlive(at(0, 0, 39))).toBeCloseTo(PUBLISHED.pnbd_palive_x0_tx0_T39, 4);
    [10, 15, 20, 25].forEach((x, i) => {
      const paradox = PUBLISHED['pnbd_freq_paradox_x10,15,20,25_tx20_T39_t52'][i];
      expect(relative(model.expectedPurchases(52, at(x, 20, 39)), paradox)).toBeLessThan(1e-4);
    });
  });

  it('has the discounted expectation of the package', () => {
    const documented = paretoNbd({ r: 0.5629966, alpha: 12.559037, s: 0.4081095, beta: 10.5148048 });
    expect(documented.discountedPurchases(0.0027, at(7, 35, 77.86))).toBeCloseTo(
      PUBLISHED.pnbd_DERT_doc_numeric_integral,
      11,
    );
    PUBLISHED['pnbd_DERT_doc_x1..10_tx30'].forEach((value: number, i: number) => {
      expect(relative(documented.discountedPurchases(0.0027, at(i + 1, 30, 77.86)), value)).toBeLessThan(
        1e-12,
      );
    });
  });

  it('stays finite where packages overflowed', () => {
    const extreme = paretoNbd({ r: 10.465, alpha: 0.00798565181, s: 3.0516, beta: 2.82 });
    expect(relative(extreme.pAlive(at(40, 5, 6)), 0.0018851281873608)).toBeLessThan(1e-10);
    for (const x of [50, 100, 250, 500]) expect(extreme.pAlive(at(x, 5, 6))).toBeGreaterThanOrEqual(0);
    const sparse = paretoNbd({ r: 0.514, alpha: 2.8845, s: 0.2856, beta: 14.1087 });
    for (const x of [161, 204, 221, 254]) expect(sparse.pAlive(at(x, 97.14, 98))).toBeGreaterThan(0.99);
    const quick = [132, 133].map((x) => model.expectedPurchases(10, at(x, 200, 200)));
    expect(quick[0]).toBeLessThan(quick[1] as number);
  });

  it('goes smoothly through s = 1', () => {
    const near = [1 - 1e-9, 1, 1 + 1e-9].map((q) =>
      paretoNbd({ r: 0.5, alpha: 10, s: q, beta: 12 }).expectedPurchases(39, at(3, 20, 30)),
    );
    expect(near[0]).toBeCloseTo(near[1] as number, 7);
    expect(near[2]).toBeCloseTo(near[1] as number, 7);
  });
});

describe('every model', () => {
  const shape = fc.double({ min: 0.01, max: 30, noNaN: true });
  const history = fc
    .tuple(
      fc.integer({ min: 0, max: 400 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      fc.double({ min: 0.2, max: 200, noNaN: true }),
    )
    .map(([x, share, T]) => at(x, x === 0 ? 0 : share * T, T));
  const model = fc
    .tuple(fc.constantFrom('bg_nbd', 'mbg_nbd', 'pareto_nbd'), shape, shape, shape, shape)
    .map(([name, r, alpha, third, fourth]): BuyingModel =>
      buyingModel(
        name as 'bg_nbd',
        name === 'pareto_nbd' ? { r, alpha, s: third, beta: fourth } : { r, alpha, a: third, b: fourth },
      ),
    );
  const t = fc.double({ min: 0.1, max: 300, noNaN: true });

  it('gives finite numbers in their ranges, and P(no purchase) is the ratio of likelihoods', () => {
    fc.assert(
      fc.property(model, history, t, (m, h, horizon) => {
        const alive = m.pAlive(h);
        expect(alive).toBeGreaterThanOrEqual(0);
        expect(alive).toBeLessThanOrEqual(1);
        const orders = m.expectedPurchases(horizon, h);
        expect(Number.isFinite(orders)).toBe(true);
        expect(orders).toBeGreaterThanOrEqual(0);
        const none = m.pNoPurchase(horizon, h);
        expect(none).toBeGreaterThanOrEqual(0);
        expect(none).toBeLessThanOrEqual(1);
        const ratio = Math.exp(m.logLikelihood({ ...h, T: h.T + horizon }) - m.logLikelihood(h));
        expect(none).toBeCloseTo(ratio, 8);
        // At least one purchase in the mean, when one is expected at all: P(some) ≤ E
        expect(1 - none).toBeLessThanOrEqual(orders + 1e-9);
      }),
      { numRuns: process.env.TEMAS_LONG === '1' ? 20_000 : 500 },
    );
  });

  it('has a discounted expectation equal to the discounted sum of small steps', () => {
    for (const name of ['bg_nbd', 'mbg_nbd', 'pareto_nbd'] as const) {
      const parameters: Record<string, number> =
        name === 'pareto_nbd'
          ? { r: 0.55, alpha: 10.6, s: 0.61, beta: 11.7 }
          : { r: 0.24, alpha: 4.41, a: 0.79, b: 2.43 };
      const m = buyingModel(name, parameters);
      const h = at(2, 30, 38);
      const delta = 0.05;
      let sum = 0;
      let before = 0;
      for (let k = 1; k <= 12_000; k += 1) {
        const now = m.expectedPurchases(k * 0.05, h);
        sum += (now - before) * Math.exp(-delta * (k - 0.5) * 0.05);
        before = now;
      }
      expect(relative(m.discountedPurchases(delta, h), sum)).toBeLessThan(1e-5);
    }
  });

  it('is expected for a new customer as for one with an empty history', () => {
    const m = paretoNbd({ r: 0.55, alpha: 10.6, s: 0.61, beta: 11.7 });
    expect(m.expectedRepeats(20)).toBeCloseTo(m.expectedPurchases(20, at(0, 0, 0)), 12);
    const mbg = mbgNbd({ r: 0.5, alpha: 6, a: 0.9, b: 1.6 });
    expect(mbg.expectedRepeats(20)).toBeCloseTo(mbg.expectedPurchases(20, at(0, 0, 0)), 12);
  });

  it('refuses parameters outside its domain', () => {
    expect(() => buyingModel('bg_nbd', { r: 1, alpha: 1, a: 0, b: 1 })).toThrow(/positive/);
    expect(() => buyingModel('pareto_nbd', { r: 1, alpha: 1, a: 1, b: 1 })).toThrow(/needs parameter s/);
  });
});
