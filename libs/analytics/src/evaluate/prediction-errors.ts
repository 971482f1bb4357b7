/** How far predictions of counts or money were from what came; all over the same customers, zeros included. */
export interface PredictionErrors {
  readonly customers: number;
  /** Mean absolute error. Useless alone: where most buy nothing, "always zero" nearly wins it. */
  readonly mae: number;
  readonly rmse: number;
  /** Mean squared difference of ln(1 + value). */
  readonly msle: number;
  readonly totalPredicted: number;
  readonly totalActual: number;
  /** totalPredicted/totalActual − 1; null when nothing came. */
  readonly bias: number | null;
  /** Pearson; null where one side does not vary. */
  readonly correlation: number | null;
}

/** Compares predictions with outcomes, position by position; null without customers. */
export function predictionErrors(
  predicted: readonly number[],
  actual: readonly number[],
): PredictionErrors | null {
  const n = predicted.length;
  if (n === 0) return null;
  let [absolute, squared, logSquared, totalPredicted, totalActual] = [0, 0, 0, 0, 0];
  predicted.forEach((p, i) => {
    const a = actual[i] as number;
    absolute += Math.abs(p - a);
    squared += (p - a) ** 2;
    logSquared += (Math.log1p(p) - Math.log1p(a)) ** 2;
    totalPredicted += p;
    totalActual += a;
  });
  return {
    customers: n,
    mae: absolute / n,
    rmse: Math.sqrt(squared / n),
    msle: logSquared / n,
    totalPredicted,
    totalActual,
    bias: totalActual === 0 ? null : totalPredicted / totalActual - 1,
    correlation: pearson(predicted, actual),
  };
}

/** Pearson's correlation; null where one side does not vary. */
export function pearson(left: readonly number[], right: readonly number[]): number | null {
  const n = left.length;
  const meanLeft = left.reduce((sum, v) => sum + v, 0) / n;
  const meanRight = right.reduce((sum, v) => sum + v, 0) / n;
  let [ll, rr, lr] = [0, 0, 0];
  left.forEach((v, i) => {
    const dl = v - meanLeft;
    const dr = (right[i] as number) - meanRight;
    ll += dl * dl;
    rr += dr * dr;
    lr += dl * dr;
  });
  return ll > 0 && rr > 0 ? lr / Math.sqrt(ll * rr) : null;
}
