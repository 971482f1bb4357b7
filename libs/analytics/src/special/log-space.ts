/** ln(1 + eˣ) without overflow: x itself where eˣ would be infinite. */
export function softplus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}

/** 1/(1 + e⁻ˣ), a probability from log odds; exactly 0 or 1 only where no double lies between. */
export function logistic(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const odds = Math.exp(x);
  return odds / (1 + odds);
}

/** Log odds of a probability strictly between 0 and 1. */
export function logOdds(p: number): number {
  return Math.log(p) - Math.log1p(-p);
}

/** ln(eᵃ − eᵇ) for a ≥ b; −Infinity where they are equal. */
export function logDifference(a: number, b: number): number {
  if (!(a > b)) return a === b || b - a < 1e-9 ? -Infinity : NaN;
  return a + Math.log(-Math.expm1(b - a));
}
