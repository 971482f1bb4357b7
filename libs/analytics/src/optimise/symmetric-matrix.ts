/** A symmetric matrix, row by row. */
export type Matrix = readonly (readonly number[])[];

/** Lower Cholesky factor L with L·Lᵀ = m, or null when m is not positive definite to working precision. */
export function cholesky(m: Matrix): number[][] | null {
  const n = m.length;
  const lower = m.map(() => new Array<number>(n).fill(0));
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      const li = lower[i] as number[];
      const lj = lower[j] as number[];
      let sum = m[i]?.[j] as number;
      for (let k = 0; k < j; k += 1) sum -= (li[k] as number) * (lj[k] as number);
      if (i !== j) li[j] = sum / (lj[j] as number);
      else if (sum > 1e-14 * Math.abs(m[i]?.[i] as number)) li[i] = Math.sqrt(sum);
      else return null;
    }
  }
  return lower;
}

/** Solves m·x = v, given the Cholesky factor of m. */
export function solveWith(lower: readonly (readonly number[])[], v: readonly number[]): number[] {
  const n = v.length;
  const x = [...v];
  for (let i = 0; i < n; i += 1) {
    for (let k = 0; k < i; k += 1) x[i] = (x[i] as number) - at(lower, i, k) * (x[k] as number);
    x[i] = (x[i] as number) / at(lower, i, i);
  }
  for (let i = n - 1; i >= 0; i -= 1) {
    for (let k = i + 1; k < n; k += 1) x[i] = (x[i] as number) - at(lower, k, i) * (x[k] as number);
    x[i] = (x[i] as number) / at(lower, i, i);
  }
  return x;
}

/** The inverse of a positive definite matrix, or null when it is not one. */
export function inverse(m: Matrix): number[][] | null {
  const lower = cholesky(m);
  if (lower === null) return null;
  return m.map((_, column) =>
    solveWith(
      lower,
      m.map((_row, i) => (i === column ? 1 : 0)),
    ),
  );
}

function at(m: readonly (readonly number[])[], i: number, j: number): number {
  return m[i]?.[j] as number;
}
