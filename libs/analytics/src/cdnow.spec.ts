import { describe, expect, it } from '@jest/globals';
import { areaUnderRoc, topShare } from './churn/ranking.ts';
import { evaluateChurn, type ChurnSplit } from './churn/evaluate-churn.ts';
import { scoreProbabilities } from './churn/probability-scores.ts';
import { PURCHASE_FEATURES, purchaseFeatures } from './churn/purchase-features.ts';
import { byFrequency } from './evaluate/by-frequency.ts';
import { chooseTransactionModel } from './evaluate/choose-model.ts';
import { predictionErrors } from './evaluate/prediction-errors.ts';
import { trackingTable } from './evaluate/tracking.ts';
import { type CustomerSummary, purchasesAfter, summarisePurchases } from './history/summarise-purchases.ts';
import { historyTable } from './history/purchase-history.ts';
import { bgNbd } from './model/beta-geometric.ts';
import type { TransactionModelName } from './model/buying-model.ts';
import { fitGammaGamma, summariseSpend } from './model/fit-gamma-gamma.ts';
import { fitTransactionModel } from './model/fit-transaction-model.ts';
import { gammaGamma } from './model/gamma-gamma.ts';
import { buyingModel } from './model/transaction-models.ts';
import { rfm } from './segment/rfm.ts';
import { cdnowFit, customers, later, purchases, table } from './testing/cdnow.ts';
import { CDNOW, golden, utcDay } from './testing/fixtures.ts';
import { continuousRate } from './value/discount.ts';
import { finiteLifetimeValue } from './value/lifetime-value.ts';

const GOLDEN = golden('published-checks.json');
const MODELS = ['bg_nbd', 'mbg_nbd', 'pareto_nbd'] as const;
const GOLDEN_NAME = { bg_nbd: 'bgnbd', mbg_nbd: 'mbgnbd', pareto_nbd: 'paretonbd' } as const;
const fits = Object.fromEntries(MODELS.map((name) => [name, cdnowFit(name)])) as Record<
  TransactionModelName,
  ReturnType<typeof cdnowFit>
>;
const modelOf = (name: TransactionModelName): ReturnType<typeof buyingModel> =>
  buyingModel(name, fits[name].parameters);
const spendFit = fitGammaGamma(customers);
const spend = gammaGamma(
  (spendFit.outcome === 'fitted' ? spendFit.parameters : {}) as { p: number; q: number; v: number },
);
const byId = (id: string): CustomerSummary => customers.find((c) => c.customer === id) as CustomerSummary;
const within = (share: number, value: number, truth: number): void => {
  expect(Math.abs(value / truth - 1)).toBeLessThanOrEqual(share);
};

describe('the CDNOW sample', () => {
  it('is summarised as published', () => {
    expect(customers).toHaveLength(2357);
    expect(customers.reduce((sum, c) => sum + c.x, 0)).toBe(2457);
    const histogram = new Array<number>(8).fill(0);
    for (const { x } of customers) histogram[Math.min(x, 7)] = (histogram[Math.min(x, 7)] as number) + 1;
    expect(histogram).toEqual([1411, 439, 214, 100, 62, 38, 29, 64]);
    expect(later.reduce((sum, l) => sum + l.purchases, 0)).toBe(1882);
    expect(later.filter((l) => l.purchases > 0)).toHaveLength(684);
    expect(later.reduce((sum, l) => sum + l.spend, 0)).toBeCloseTo(70976.39, 2);
    for (const named of GOLDEN.cdnow_named_customers) {
      const customer = byId(String(named.id));
      expect(customer.x).toBe(named.x);
      expect(customer.tX).toBeCloseTo(named.t_x, 11);
      expect(customer.T).toBeCloseTo(named.T, 11);
      expect(customer.meanSpend).toBeCloseTo(named.zbar, 10);
    }
  });

  it('is fitted by BG/NBD, MBG/NBD and Pareto/NBD', () => {
    expect(Math.abs(fits.bg_nbd.logLikelihood + 9582.4292)).toBeLessThan(1e-3);
    expect(Math.abs(fits.mbg_nbd.logLikelihood + 9582.1357)).toBeLessThan(1e-3);
    expect(Math.abs(fits.pareto_nbd.logLikelihood + 9594.976)).toBeLessThan(1e-3);
    const expected = {
      bg_nbd: { r: 0.24259453, alpha: 4.4136021, a: 0.79292197, b: 2.42590665 },
      mbg_nbd: { r: 0.524843, alpha: 6.183085, a: 0.891359, b: 1.614002 },
      pareto_nbd: { r: 0.553277, alpha: 10.577683, s: 0.60624, beta: 11.668731 },
    };
    for (const name of MODELS) {
      for (const [parameter, value] of Object.entries(expected[name])) {
        within(1e-5, fits[name].parameters[parameter] as number, value);
      }
      expect(fits[name].gradientNorm).toBeLessThan(1e-7);
      expect(fits[name].customers).toBe(2357);
    }
    const errors = { r: 0.01256, alpha: 0.37822, a: 0.18573, b: 0.70541 };
    for (const [p, e] of Object.entries(errors)) within(1e-3, fits.bg_nbd.standardErrors[p] as number, e);
    const paretoErrors = { r: 0.0476, alpha: 0.843, s: 0.187, beta: 6.211 };
    for (const [p, e] of Object.entries(paretoErrors))
      within(3e-3, fits.pareto_nbd.standardErrors[p] as number, e);
  });

  it('has the likelihood row by row that the fit has of the table', () => {
    for (const name of MODELS) {
      const model = modelOf(name);
      const sum = customers.reduce((all, c) => all + model.logLikelihood(c), 0);
      expect(sum).toBeCloseTo(fits[name].logLikelihood, 7);
    }
    const other = buyingModel('bg_nbd', { r: 0.5, alpha: 6, a: 1.2, b: 3.3 });
    expect(customers.reduce((all, c) => all + other.logLikelihood(c), 0)).toBeCloseTo(-9783.4443, 3);
  });

  it('is fitted by Gamma-Gamma', () => {
    if (spendFit.outcome !== 'fitted') throw new Error(spendFit.outcome);
    expect(Math.abs(spendFit.logLikelihood + 4055.917695)).toBeLessThan(1e-5);
    within(1e-5, spendFit.parameters.p as number, 6.249574);
    within(1e-5, spendFit.parameters.q as number, 3.744225);
    within(1e-5, spendFit.parameters.v as number, 15.443516);
    within(1e-3, spendFit.standardErrors.p as number, 1.19);
    within(1e-3, spendFit.standardErrors.v as number, 4.159);
    expect(spendFit.customers).toBe(946);
    expect(spend.populationMean).toBeCloseTo(35.1704, 4);
    expect(summariseSpend(customers).correlation).toBeCloseTo(0.113884, 5);
    const published = gammaGamma({ p: 6.25, q: 3.74, v: 15.44 });
    GOLDEN.published_checks['gg_hardie_first10_with_(6.25,3.74,15.44)'].forEach(
      (value: number, i: number) => {
        expect(published.expectedSpend(byId(String(i + 1)))).toBeCloseTo(value, 1);
      },
    );
    expect(spend.expectedSpend({ x: 3, meanSpend: 35 })).toBeCloseTo(35.0218, 3);
  });

  it('has its named customers', () => {
    const delta = 0.0027;
    for (const named of GOLDEN.cdnow_named_customers) {
      const customer = byId(String(named.id));
      for (const name of MODELS) {
        const model = modelOf(name);
        const truth = named[GOLDEN_NAME[name]];
        within(1e-5, model.pAlive(customer), truth.p_alive);
        within(1e-5, model.expectedPurchases(39, customer), truth.cet_39w);
        within(1e-5, model.pNoPurchase(39, customer), truth.p_zero_39w);
        if (truth.cet_1w !== undefined) within(1e-5, model.expectedPurchases(1, customer), truth.cet_1w);
        if (truth.cet_52w !== undefined) within(1e-5, model.expectedPurchases(52, customer), truth.cet_52w);
        if (truth.dert_d0_0027 !== undefined) {
          within(1e-5, model.discountedPurchases(delta, customer), truth.dert_d0_0027);
        }
      }
      within(1e-5, spend.expectedSpend(customer), named.gammagamma_E_M);
    }
    for (const [t, value] of Object.entries(GOLDEN.published_checks.bgnbd_E_X_hardie_sheet)) {
      within(1e-4, modelOf('bg_nbd').expectedRepeats(Number(t)), value as number);
    }
  });

  it('has the value of twelve real months, not of twelve times thirty weeks', () => {
    const published = GOLDEN.cdnow_sample_published_2dp;
    const model = bgNbd(published.bgnbd.params);
    const spenders = gammaGamma(published.gammagamma.params);
    for (const [x, tX, T, meanSpend, value] of [
      [2, 30.43, 38.86, 22.35, 36.278],
      [1, 1.71, 38.86, 11.77, 4.637],
      [0, 0, 38.86, 0, 8.344],
    ] as const) {
      const worth = { spend: spenders.expectedSpend({ x, meanSpend }), margin: 1 };
      const months = { count: 12, length: 4.345, rate: 0.01 };
      expect(Math.abs(finiteLifetimeValue(model, { x, tX, T }, worth, months) - value)).toBeLessThan(6e-4);
    }
    expect(continuousRate(0.15, 'week')).toBeCloseTo(0.0027, 4);
  });

  it('has the holdout table', () => {
    const total = { bg_nbd: 1653.4, mbg_nbd: 1576.7, pareto_nbd: 1665.5 };
    for (const name of MODELS) {
      const predicted = customers.map((c) => modelOf(name).expectedPurchases(39, c));
      const truth = GOLDEN.cdnow_sample_published_2dp[GOLDEN_NAME[name]].holdout_39w;
      const errors = predictionErrors(
        predicted,
        later.map((l) => l.purchases),
      );
      for (const key of ['mae', 'rmse', 'msle'] as const) within(1e-4, errors?.[key] as number, truth[key]);
      within(1e-4, errors?.correlation as number, truth.pearson);
      within(1e-3, errors?.bias as number, truth.bias);
      expect(errors?.totalPredicted).toBeCloseTo(total[name], 1);
      const rows = byFrequency(
        customers.map((c, i) => ({
          x: c.x,
          predicted: predicted[i] as number,
          actual: later[i]?.purchases as number,
        })),
      );
      expect(rows).toHaveLength(8);
      truth.by_cal_frequency.forEach((row: { n: number; actual: number; predicted: number }, i: number) => {
        expect(rows[i]?.customers).toBe(row.n);
        expect(rows[i]?.actual).toBeCloseTo(row.actual, 10);
        within(2e-4, rows[i]?.predicted as number, row.predicted);
      });
    }
  });

  it('has the holdout spend', () => {
    const predicted = customers.map(
      (c) => modelOf('bg_nbd').expectedPurchases(39, c) * spend.expectedSpend(c),
    );
    const errors = predictionErrors(
      predicted,
      later.map((l) => l.spend),
    );
    expect(errors?.totalPredicted).toBeCloseTo(59931.6, 0);
    expect(errors?.bias).toBeCloseTo(-0.156, 3);
    expect(errors?.mae).toBeCloseTo(30.41, 1);
    expect(errors?.rmse).toBeCloseTo(72.3, 1);
    expect(errors?.correlation).toBeCloseTo(0.565, 3);
  });

  it('has the tracking table', () => {
    const first = new Map<number, number>();
    const repeat = new Map<number, number>();
    const count = (days: Map<number, number>, day: number): unknown =>
      days.set(day, (days.get(day) ?? 0) + 1);
    for (const { customer, firstDay } of customers) {
      count(first, firstDay);
      const days = new Set(purchases.filter((p) => p.customer === customer).map(({ day }) => day));
      for (const day of days) if (day > firstDay) count(repeat, day);
    }
    const weeks = { start: CDNOW.start, weeks: 78, unit: 'week' as const };
    for (const name of MODELS) {
      const rows = trackingTable(modelOf(name), { first, repeat }, weeks);
      const truth = GOLDEN.cdnow_sample_published_2dp[GOLDEN_NAME[name]].expected_cumulative_repeat_by_week;
      for (const [week, value] of Object.entries(truth)) {
        within(2e-4, rows[Number(week) - 1]?.expected as number, value as number);
      }
      expect(rows[38]?.actual).toBe(2457);
      expect(rows[77]?.actual).toBe(4339);
      expect(rows[0]?.actual).toBe(0);
      expect(rows[1]?.actual).toBe(19);
    }
  });

  it('has the churn figures', () => {
    const churned = later.map((l) => l.purchases === 0);
    const expected = {
      bg_nbd: [0.316, 0.757, 0.773, 0.1612, 2.75],
      mbg_nbd: [0.687, 0.76, 0.773, 0.1614, 2.8],
      pareto_nbd: [0.726, 0.771, 0.779, 0.1619, 2.79],
    };
    for (const name of MODELS) {
      const model = modelOf(name);
      const [dead, none, cet, brier, lift] = expected[name] as [number, number, number, number, number];
      const expectedOrders = customers.map((c) => model.expectedPurchases(39, c));
      expect(
        areaUnderRoc(
          customers.map((c) => 1 - model.pAlive(c)),
          churned,
        ),
      ).toBeCloseTo(dead, 2.9);
      const scores = scoreProbabilities(
        customers.map((c) => model.pNoPurchase(39, c)),
        churned,
      );
      expect(Math.abs((scores?.auc as number) - none)).toBeLessThan(6e-4);
      expect(Math.abs((scores?.brier as number) - brier)).toBeLessThan(6e-5);
      expect(scores?.baseRate).toBeCloseTo(0.7098, 4);
      expect(
        Math.abs(
          (areaUnderRoc(
            expectedOrders.map((e) => -e),
            churned,
          ) as number) - cet,
        ),
      ).toBeLessThan(6e-4);
      expect(
        Math.abs(
          (topShare(
            expectedOrders,
            churned.map((y) => !y),
          ).lift as number) - lift,
        ),
      ).toBeLessThan(6e-3);
    }
    expect(
      areaUnderRoc(
        customers.map((c) => c.T - c.tX),
        churned,
      ),
    ).toBeCloseTo(0.771, 3);
    expect(
      areaUnderRoc(
        customers.map((c) => -c.x),
        churned,
      ),
    ).toBeCloseTo(0.758, 3);
  });

  it('has the RFM map of the whole period', () => {
    const whole = summarisePurchases(purchases, { start: CDNOW.start, cutoff: CDNOW.until }).customers;
    const { scores, edges } = rfm(
      whole.map((c) => ({ recency: CDNOW.until - c.lastDay, frequency: c.x + 1, money: c.totalSpend })),
    );
    expect(edges.recency).toEqual([152, 442, 486, 512]);
    expect(edges.frequency).toEqual([1, 1, 2, 4]);
    [15.36, 31.958, 59.25, 130.436].forEach((edge, i) => expect(edges.money[i]).toBeCloseTo(edge, 6));
    const frequency = [1, 2, 3, 4, 5].map((f) => scores.filter((s) => s.f === f).length);
    expect(frequency).toEqual([1218, 0, 403, 358, 378]);
    const cells = new Map<string, number>();
    for (const { r, f, m } of scores) cells.set(`${r}${f}${m}`, (cells.get(`${r}${f}${m}`) ?? 0) + 1);
    expect(cells.size).toBe(60);
    expect(cells.get('555')).toBe(233);
    expect(cells.get('111')).toBe(167);
  });

  it('chooses a model by what it had not seen', () => {
    const earlier = summarisePurchases(purchases, { ...CDNOW, cutoff: utcDay('1997-06-30') }).customers;
    const now = new Map(customers.map((c) => [c.customer, c]));
    const choice = chooseTransactionModel(
      earlier.map((c) => ({ earlier: c, later: now.get(c.customer) as CustomerSummary })),
    );
    if (choice.outcome !== 'chosen') throw new Error(choice.outcome);
    const held = choice.candidates.map((c) => c.heldOutLogLikelihood as number);
    expect(Math.max(...held)).toBe(held[choice.candidates.findIndex((c) => c.model === choice.model)]);
    expect(held.every((h) => h < 0)).toBe(true);
  });

  it('evaluates churn across time, with the baseline beside it', () => {
    const split = (cutoff: number, days: number): ChurnSplit => {
      const known = summarisePurchases(purchases, { start: CDNOW.start, cutoff }).customers;
      const fit = fitTransactionModel('pareto_nbd', historyTable(known));
      const after = purchasesAfter(purchases, known, { cutoff, until: cutoff + days });
      if (fit.outcome !== 'fitted') throw new Error(fit.outcome);
      const model = buyingModel('pareto_nbd', fit.parameters);
      return {
        features: known.map((c) => purchaseFeatures(c, 'week')),
        pNoPurchase: known.map((c) => model.pNoPurchase(days / 7, c)),
        recency: known.map((c) => c.T - c.tX),
        churned: after.map((l) => l.purchases === 0),
      };
    };
    const days = 17 * 7;
    const evaluation = evaluateChurn(PURCHASE_FEATURES, {
      earlier: split(CDNOW.cutoff, days),
      later: split(CDNOW.cutoff + days, days),
    });
    if (evaluation.outcome !== 'evaluated') throw new Error(evaluation.reason);
    const { probabilityModel, logistic, recency, chosenCalibrated } = evaluation.later;
    for (const scores of [probabilityModel, logistic, recency.scores, chosenCalibrated]) {
      expect(scores?.auc).toBeGreaterThan(0.7);
      expect(scores?.brierSkill).toBeGreaterThan(0);
    }
    expect(evaluation.recencyWins).toBe((recency.auc as number) >= (chosenCalibrated.auc as number));
    expect(evaluation.logisticModel.terms.map((t) => t.feature)).toEqual([...PURCHASE_FEATURES]);
  });

  it('has a table of distinct histories', () => {
    expect(table.customers).toBe(2357);
    expect(table.x).toHaveLength(1016);
  });
});
