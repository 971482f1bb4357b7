import { indexOf } from '../history/history-index.ts';
import type { HistoryTable } from '../history/purchase-history.ts';
import { logBetaRatio, logRising } from '../special/log-gamma.ts';

const { exp, log, log1p } = Math;

/**
 * Total log-likelihood of a table as a function of (r, alpha, a, b): the same numbers as the sum over rows of
 * `bgNbd(…).logLikelihood` (trials 0) or `mbgNbd(…)` (trials 1), tabulated over distinct values.
 */
export function betaGeometricLikelihood(
  table: HistoryTable,
  trials: 0 | 1,
): (parameters: readonly number[]) => number {
  const { counts, countOf, times, lastOf, nowOf } = indexOf(table);
  const weight = table.count;
  const rows = weight.length;
  const fixed = new Float64Array(counts.length);
  const exponent = new Float64Array(counts.length);
  const leaving = new Float64Array(counts.length);
  const logTime = new Float64Array(times.length);
  return ([r, alpha, a, b]) => {
    const [R, ALPHA, A, B] = [r as number, alpha as number, a as number, b as number];
    const logAlpha = log(ALPHA);
    for (let i = 0; i < counts.length; i += 1) {
      const x = counts[i] as number;
      fixed[i] = logRising(R, x) + logBetaRatio(A, B, x + trials) + R * logAlpha;
      exponent[i] = R + x;
      leaving[i] = x + trials === 0 ? -Infinity : log(A) - log(B + x - 1 + trials);
    }
    for (let i = 0; i < times.length; i += 1) logTime[i] = log(ALPHA + (times[i] as number));
    let sum = 0;
    for (let i = 0; i < rows; i += 1) {
      const k = countOf[i] as number;
      const now = logTime[nowOf[i] as number] as number;
      const power = exponent[k] as number;
      const odds = (leaving[k] as number) + power * (now - (logTime[lastOf[i] as number] as number));
      const left = odds > 0 ? odds + log1p(exp(-odds)) : log1p(exp(odds));
      sum += (weight[i] as number) * ((fixed[k] as number) - power * now + left);
    }
    return sum;
  };
}
