import { describe, expect, it } from '@jest/globals';
import { gradientOf, hessianOf } from './derivatives.ts';
import { maximise } from './maximum-likelihood.ts';
import { nelderMead } from './nelder-mead.ts';
import { quasiNewton } from './quasi-newton.ts';
import { cholesky, inverse } from './symmetric-matrix.ts';

const rosenbrock = (p: readonly number[]): number => {
  const [x, y] = p as [number, number];
  return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
};
const never = (): boolean => false;

describe('optimisation', () => {
  it('walks the valley of Rosenbrock to its end', () => {
    const near = nelderMead(rosenbrock, [-1.2, 1], { tolerance: 1e-6, maxSteps: 500, stopped: never });
    const { point, gradient } = quasiNewton(rosenbrock, near, { tolerance: 1e-8, stopped: never });
    expect(point[0]).toBeCloseTo(1, 6);
    expect(point[1]).toBeCloseTo(1, 6);
    expect(Math.max(...gradient.map(Math.abs))).toBeLessThan(1e-6);
  });

  it('differentiates', () => {
    const f = ([x, y]: readonly number[]): number => Math.exp(x as number) * (y as number) ** 2;
    expect(gradientOf(f, [0, 3])[0]).toBeCloseTo(9, 7);
    const hessian = hessianOf(f, [0, 3]);
    expect(hessian[0]?.[1]).toBeCloseTo(6, 4);
    expect(hessian[0]?.[1]).toBe(hessian[1]?.[0]);
  });

  it('inverts what is positive definite, and nothing else', () => {
    expect(
      inverse([
        [4, 2],
        [2, 3],
      ])
        ?.flat()
        .map((v) => v * 8),
    ).toEqual([3, -2, -2, 4].map((v) => expect.closeTo(v, 12)));
    expect(
      cholesky([
        [1, 2],
        [2, 1],
      ]),
    ).toBeNull();
    expect(cholesky([[NaN]])).toBeNull();
  });

  it('finds a maximum with its errors, and says when there is none', () => {
    // a Poisson rate: 50 events in 100 units; the error of the rate is √50/100
    const poisson = ([rate]: readonly number[]): number =>
      50 * Math.log(rate as number) - 100 * (rate as number);
    const found = maximise({ full: poisson, customers: 100, starts: [[7], [0.01]], units: [1] });
    if (found.outcome !== 'found') throw new Error(found.outcome);
    expect(found.parameters[0]).toBeCloseTo(0.5, 8);
    expect(Math.sqrt(found.covariance[0]?.[0] as number)).toBeCloseTo(Math.sqrt(50) / 100, 6);
    const endless = maximise({ full: ([p]) => -1 / (p as number), customers: 1, starts: [[1]], units: [1] });
    expect(['at_bound', 'flat']).toContain(endless.outcome);
    const level = maximise({ full: () => -3, customers: 1, starts: [[1, 1]], units: [1, 1] });
    expect(level.outcome).toBe('flat');
  });
});
