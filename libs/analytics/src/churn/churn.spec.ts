import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { logistic } from '../special/log-space.ts';
import { seeded } from '../testing/simulate.ts';
import { calibrate, churnBand, fitCalibration, UNCALIBRATED } from './churn-band.ts';
import { type ChurnSplit, evaluateChurn } from './evaluate-churn.ts';
import { contributions, fitLogistic, logisticProbability } from './logistic-regression.ts';
import { scoreProbabilities } from './probability-scores.ts';
import { PURCHASE_FEATURES, purchaseFeatures } from './purchase-features.ts';
import { areaUnderRoc, topShare } from './ranking.ts';

describe('ranking', () => {
  it('equals the share of pairs in the right order, ties one half', () => {
    const sample = fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.boolean()), { maxLength: 40 });
    fc.assert(
      fc.property(sample, (rows) => {
        const scores = rows.map(([s]) => s);
        const labels = rows.map(([, y]) => y);
        let [right, pairs] = [0, 0];
        for (const [s, y] of rows) {
          for (const [u, z] of rows) {
            if (!y || z) continue;
            pairs += 1;
            right += s > u ? 1 : s === u ? 0.5 : 0;
          }
        }
        const auc = areaUnderRoc(scores, labels);
        if (pairs === 0) expect(auc).toBeNull();
        else expect(auc).toBeCloseTo(right / pairs, 12);
      }),
    );
  });

  it('shares ties at the edge of the top decile', () => {
    const scores = [9, 5, 5, 5, 5, ...new Array<number>(15).fill(1)];
    const labels = scores.map((s, i) => s === 9 || i === 1);
    const top = topShare(scores, labels);
    expect(top.customers).toBe(2);
    expect(top.positives).toBe(1.25);
    expect(top.capture).toBe(0.625);
    expect(top.lift).toBeCloseTo(6.25, 12);
    expect(topShare([1, 2], [false, false]).lift).toBeNull();
  });
});

describe('scoreProbabilities', () => {
  it('scores by hand', () => {
    const scores = scoreProbabilities([0.05, 0.25, 0.25, 1], [false, true, false, true]);
    expect(scores?.brier).toBeCloseTo((0.0025 + 0.5625 + 0.0625) / 4, 12);
    expect(scores?.brierSkill).toBeCloseTo(1 - (scores?.brier as number) / 0.25, 12);
    expect(scores?.logLoss).toBeCloseTo(-(Math.log(0.95) + Math.log(0.25) + Math.log(0.75)) / 4, 12);
    expect(scores?.calibrationError).toBeCloseTo((0.05 + 0.5) / 4, 12);
    expect(scores?.reliability.map((bin) => bin.customers)).toEqual([1, 2, 1]);
    expect(scoreProbabilities([], [])).toBeNull();
    expect(scoreProbabilities([0, 0], [true, true])?.logLoss).toBeLessThan(40);
  });
});

describe('logistic regression', () => {
  const random = seeded(3);
  const rows = Array.from({ length: 4_000 }, () => [random() * 10, random(), 7]);
  const outcomes = rows.map(([a, b]) => random() < logistic(-2 + 0.5 * (a as number) - 1.5 * (b as number)));

  it('finds the weights, gives none to a constant, and explains each probability', () => {
    const fit = fitLogistic(['a', 'b', 'c'], rows, outcomes);
    if (fit.outcome !== 'fitted') throw new Error(fit.reason);
    const [a, b, c] = fit.model.terms;
    expect((a?.weight as number) / (a?.deviation as number)).toBeCloseTo(0.5, 1);
    expect(Math.abs((b?.weight as number) / (b?.deviation as number) + 1.5)).toBeLessThan(0.4);
    expect(c?.weight).toBe(0);
    const row = [9, 0.5, 7];
    const total = contributions(fit.model, row).reduce((sum, t) => sum + t.contribution, fit.model.intercept);
    expect(logisticProbability(fit.model, row)).toBeCloseTo(logistic(total), 14);
    const mean = rows.reduce((sum, r) => sum + logisticProbability(fit.model, r), 0) / rows.length;
    expect(mean).toBeCloseTo(outcomes.filter(Boolean).length / rows.length, 8);
  });

  it('stays finite where a feature separates the classes', () => {
    const fit = fitLogistic(['a'], [[1], [2], [3], [4]], [false, false, true, true]);
    if (fit.outcome !== 'fitted') throw new Error(fit.reason);
    expect(fit.model.terms[0]?.weight).toBeGreaterThan(0.5);
    expect(fit.model.terms[0]?.weight).toBeLessThan(5);
  });

  it('refuses what cannot be learnt', () => {
    expect(fitLogistic(['a'], [], [])).toEqual({ outcome: 'refused', reason: 'no_customers' });
    expect(fitLogistic(['a'], [[1], [2]], [true, true])).toEqual({ outcome: 'refused', reason: 'one_class' });
  });
});

describe('calibration and bands', () => {
  it('repairs probabilities that are too sure', () => {
    const random = seeded(9);
    const truth = Array.from({ length: 20_000 }, () => random() * 4 - 2);
    const outcomes = truth.map((odds) => random() < logistic(odds));
    const tooSure = truth.map((odds) => logistic(2 * odds + 1));
    const calibration = fitCalibration(tooSure, outcomes);
    expect(calibration.slope).toBeCloseTo(0.5, 1);
    const repaired = scoreProbabilities(
      tooSure.map((p) => calibrate(calibration, p)),
      outcomes,
    );
    expect(repaired?.calibrationError).toBeLessThan(0.015);
    expect(calibrate(UNCALIBRATED, 0.37)).toBeCloseTo(0.37, 12);
    expect(fitCalibration([0.1, 0.9, 0.2, 0.8], [true, false, true, false])).toEqual(UNCALIBRATED);
  });

  it('bands by what the probability says', () => {
    expect([0, 0.29, 0.3, 0.69, 0.7, 1].map(churnBand)).toEqual([
      'low',
      'low',
      'medium',
      'medium',
      'high',
      'high',
    ]);
  });
});

describe('evaluateChurn', () => {
  const split = (n: number, seed: number, known: boolean): ChurnSplit => {
    const random = seeded(seed);
    const recency = Array.from({ length: n }, () => random() * 100);
    const hidden = recency.map(() => random() * 6 - 3);
    return {
      recency,
      features: recency.map((r, i) => [r, hidden[i] as number]),
      pNoPurchase: known ? recency.map((r) => logistic(r / 25 - 2)) : null,
      churned: recency.map((r, i) => random() < logistic(r / 25 - 2 + (hidden[i] as number))),
    };
  };

  it('prefers features that the probability model does not see', () => {
    const result = evaluateChurn(['recency', 'hidden'], {
      earlier: split(2_000, 1, true),
      later: split(2_000, 2, true),
    });
    if (result.outcome !== 'evaluated') throw new Error(result.reason);
    expect(result.chosen).toBe('logistic');
    expect(result.recencyWins).toBe(false);
    expect(result.later.logistic.auc).toBeGreaterThan(result.later.probabilityModel?.auc as number);
  });

  it('does without a probability model, and refuses what cannot be judged', () => {
    const names = ['recency', 'hidden'];
    const without = evaluateChurn(names, { earlier: split(500, 1, false), later: split(500, 2, false) });
    expect(without).toMatchObject({ outcome: 'evaluated', chosen: 'logistic' });
    expect(evaluateChurn(names, { earlier: split(9, 1, true), later: split(500, 2, true) })).toEqual({
      outcome: 'refused',
      reason: 'too_few_customers',
    });
    const nobody = { ...split(100, 1, true), churned: new Array<boolean>(100).fill(false) };
    expect(evaluateChurn(names, { earlier: nobody, later: nobody })).toEqual({
      outcome: 'refused',
      reason: 'one_class',
    });
  });

  it('has finite features for every customer', () => {
    const once = { customer: 'a', x: 0, tX: 0, T: 0, firstDay: 9, lastDay: 9, meanSpend: 0, totalSpend: 0 };
    expect(purchaseFeatures(once, 'week')).toEqual([0, 0, 0, 0, 0]);
    expect(purchaseFeatures({ ...once, x: 2, tX: 4, T: 6 }, 'week')).toHaveLength(PURCHASE_FEATURES.length);
    expect(purchaseFeatures({ ...once, x: 2, tX: 4, T: 6 }, 'week')[4]).toBe(0);
  });
});
