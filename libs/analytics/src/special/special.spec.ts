import { describe, expect, it } from '@jest/globals';
import { golden } from '../testing/fixtures.ts';
import { integrateUnit } from './double-exponential.ts';
import { tricomi } from './exponential-integral.ts';
import { logBetaRatio, logBeta, logGamma, logRising } from './log-gamma.ts';
import { logDifference, logistic, logOdds, softplus } from './log-space.ts';

const GRIDS = golden('stability-grids.json');

describe('special functions', () => {
  it('has ln Γ to the last printed digit of 40', () => {
    for (const { x, gammaln } of GRIDS.gammaln_grid) {
      expect(Math.abs(logGamma(x) - gammaln)).toBeLessThan(1e-13 * Math.max(1, Math.abs(gammaln)));
    }
    expect(logGamma(0)).toBeNaN();
    expect(logGamma(-1)).toBeNaN();
  });

  it('sums and subtracts to the same rising factorials', () => {
    expect(logRising(0.3, 40)).toBeCloseTo(logRising(0.3, 16) + logRising(16.3, 16) + logRising(32.3, 8), 12);
    expect(logBetaRatio(0.8, 2.4, 40)).toBeCloseTo(logBeta(0.8, 42.4) - logBeta(0.8, 2.4), 12);
    expect(logBetaRatio(0.8, 2.4, 5)).toBeCloseTo(logBeta(0.8, 7.4) - logBeta(0.8, 2.4), 12);
    expect(logBetaRatio(1e-9, 2, 3)).toBeCloseTo(-1e-9 * (1 / 2 + 1 / 3 + 1 / 4), 17);
  });

  it("has Tricomi's function on the grid", () => {
    for (const { a, z, U } of GRIDS.hyperu_grid) expect(tricomi(a, z) / U).toBeCloseTo(1, 12);
    // E₁(z) = −γ − ln z + z − z²/4 + …
    const e1 = -0.5772156649015329 - Math.log(1e-4) + 1e-4 - 2.5e-9;
    expect(tricomi(1, 1e-4)).toBeCloseTo(Math.exp(1e-4) * e1, 11);
  });

  it('integrates with singular ends', () => {
    const beta = integrateUnit((logP, logQ) => Math.exp(0.05 * logP + 0.3 * logQ));
    expect(Math.log(beta)).toBeCloseTo(logBeta(0.05, 0.3), 12);
    const sharp = integrateUnit((logP, logQ) => Math.exp(0.001 * logP + 400 * logQ));
    expect(Math.log(sharp)).toBeCloseTo(logBeta(0.001, 400), 12);
  });

  it('stays finite in logarithms', () => {
    expect(softplus(2000)).toBe(2000);
    expect(softplus(-Infinity)).toBe(0);
    expect(logistic(-2000)).toBe(0);
    expect(logistic(logOdds(0.123))).toBeCloseTo(0.123, 15);
    expect(logDifference(-1000, -1001)).toBeCloseTo(-1000 + Math.log(1 - Math.exp(-1)), 12);
    expect(logDifference(3, 3)).toBe(-Infinity);
    expect(logDifference(1, 3)).toBeNaN();
  });
});
