import { NotConverged } from '../errors.ts';

const { abs, log, max, min } = Math;

/** Parameters that the integral over the unseen time of leaving depends on. */
export interface ParetoShape {
  readonly r: number;
  readonly alpha: number;
  readonly s: number;
  readonly beta: number;
}

/** Some ten over √(1−z) levels settle it; the search range of a fit ends at 1−z = 1e-9. */
const MAX_LEVELS = 2_000_000;

/**
 * ln F(t) of A₀ = F(tX) − F(T) in the Pareto/NBD likelihood (Fader & Hardie 2005, "A Note on Deriving the Pareto/NBD
 * Model", eq. 22): F(t) = ₂F₁(ρ, k; ρ+1; z)/(m+t)^ρ with ρ = r+s+x, m = max(α, β), z = |α−β|/(m+t), k = s+1 if α ≥ β
 * else r+x. By Euler's form it is (1−z)^(1−k) ₂F₁(1, ρ+1−k; ρ+1; z), a series of positive terms.
 */
export function logParetoIntegral({ r, alpha, s, beta }: ParetoShape, x: number, t: number): number {
  const rho = r + s + x;
  const least = min(alpha, beta) + t;
  const most = max(alpha, beta) + t;
  const k = alpha >= beta ? s + 1 : r + x;
  const series = logGaussFraction(rho + 1 - k, rho + 1, (most - least) / most);
  // 1 − z = least/most, without the cancellation
  return (1 - k) * log(least / most) + series - rho * log(most);
}

/**
 * ln ₂F₁(1, b; c; z) for 0 < b < c, 0 ≤ z < 1, by Gauss's continued fraction (DLMF 15.7.1), evaluated forward (Lentz).
 * All its coefficients are positive; where z comes near 1 it needs √ of the terms that the series does.
 */
function logGaussFraction(b: number, c: number, z: number): number {
  let c1 = 1;
  let d = 0;
  let fraction = 1;
  for (let m = 0; m < MAX_LEVELS; m += 1) {
    const odd = (((b + m) * (c - 1 + m)) / ((c + 2 * m - 1) * (c + 2 * m))) * z;
    d = 1 / (1 - odd * d);
    c1 = 1 - odd / c1;
    fraction *= c1 * d;
    const even = (((m + 1) * (c - b + m)) / ((c + 2 * m) * (c + 2 * m + 1))) * z;
    d = 1 / (1 - even * d);
    c1 = 1 - even / c1;
    const step = c1 * d;
    fraction *= step;
    if (abs(step - 1) < 4e-16) return -log(fraction);
  }
  throw new NotConverged(`the Pareto/NBD integral did not settle at z = ${z}, b = ${b}, c = ${c}`);
}
