import { NotConverged } from '../errors.ts';
import { integrateUnit } from '../special/double-exponential.ts';
import { logBeta } from '../special/log-gamma.ts';

const { abs, exp, expm1, log1p, min } = Math;

/** A customer who is alive: Gamma rate with `shape`, dropout Beta(a, b) as of now. */
export interface Survivor {
  /** r + x. */
  readonly shape: number;
  /** Horizon over (α + T), dimensionless, ≥ 0. */
  readonly time: number;
  readonly a: number;
  /** b + x (BG) or b + x + 1 (MBG). */
  readonly b: number;
}

/** Below this the terms of the series alternate so strongly that they cancel digits. */
const MOST_NEGATIVE = -8;
const MAX_TERMS = 200_000;
/** Beyond this a series near z = 1 creeps; the integral does not. */
const LARGEST_Z = 0.99;
/** Beyond this terms grow far before they fall, and overflow. */
const LARGEST_A = 20;
/** Nearer to 0 a double has fewer digits; the integrand has long reached its limit. */
const SUBNORMAL = 1e-290;

/**
 * Expected purchases within the horizon of a customer who is alive now (BG/NBD paper eq. 10 without P(alive)):
 * with z = time/(1+time), c = a+b−1, ε = a−1,
 * c·[−expm1(ε·ln(1−z))/ε − S·(1−z)^ε], S = Σ_{n≥1} (c−shape)ₙ (a)ₙ₋₁ zⁿ / ((c)ₙ n!).
 * This Euler-transformed form has no large exponents, is smooth through a = 1 and needs no logarithm of a
 * hypergeometric function, which is negative for a+b < 1.
 */
export function survivingPurchases(survivor: Survivor): number {
  const { shape, time, a, b } = survivor;
  const c = a + b - 1;
  const z = time / (1 + time);
  if (z === 0) return 0;
  const start = c - shape;
  if (start < MOST_NEGATIVE || z > LARGEST_Z || a > LARGEST_A) return byQuadrature(survivor);
  const logRest = -log1p(time);
  const epsilon = a - 1;
  const power = abs(epsilon * logRest) < 1e-300 ? -logRest : -expm1(epsilon * logRest) / epsilon;
  // c·S, term by term: c/(c)ₙ = 1/(c+1)ₙ₋₁, so that c = 0 is no pole.
  let term = start * z;
  let sum = term;
  for (let n = 1; n < MAX_TERMS; n += 1) {
    term *= ((start + n) * (a + n - 1) * z) / ((c + n) * (n + 1));
    sum += term;
    if (abs(term) <= 1e-17 * abs(sum) && n > -start) {
      return c * power - sum * exp(epsilon * logRest);
    }
  }
  throw new NotConverged(
    `expected purchases did not settle at z = ${z}, a = ${a}, b = ${b}, r + x = ${shape}`,
  );
}

/** The same as a mean over the dropout probability p: E[(1 − (1 + p·time)^(−shape)) / p], all terms positive. */
function byQuadrature({ shape, time, a, b }: Survivor): number {
  const scale = logBeta(a, b);
  const least = min(1, time);
  return integrateUnit((logP, logQ) => {
    const p = exp(logP);
    const buys = p * least < SUBNORMAL ? shape * time : -expm1(-shape * log1p(p * time)) / p;
    return exp(a * logP + b * logQ - scale) * buys;
  });
}
