import { indexOf, pairsOf } from '../history/history-index.ts';
import type { HistoryTable } from '../history/purchase-history.ts';
import { logRising } from '../special/log-gamma.ts';
import { logParetoIntegral } from './pareto-integral.ts';

const { exp, expm1, log, log1p } = Math;

/**
 * Total log-likelihood of a table as a function of (r, alpha, s, beta): the sum over rows of `paretoNbd(…).logLikelihood`.
 * The series is summed once per distinct (x, time), of which a million customers have some ten thousand.
 */
export function paretoLikelihood(table: HistoryTable): (parameters: readonly number[]) => number {
  const index = indexOf(table);
  const pairs = pairsOf(index);
  const { counts, countOf, times, nowOf } = index;
  const weight = table.count;
  const rows = weight.length;
  const fixed = new Float64Array(counts.length);
  const leaving = new Float64Array(counts.length);
  const logAlive = new Float64Array(times.length);
  const logThere = new Float64Array(times.length);
  const logF = new Float64Array(pairs.countOf.length);
  return (parameters) => {
    const [r, alpha, s, beta] = parameters as [number, number, number, number];
    const constant = r * log(alpha) + s * log(beta);
    for (let i = 0; i < counts.length; i += 1) {
      const x = counts[i] as number;
      fixed[i] = logRising(r, x) + constant;
      leaving[i] = log(s / (r + s + x));
    }
    for (let i = 0; i < times.length; i += 1) {
      logAlive[i] = log(alpha + (times[i] as number));
      logThere[i] = s * log(beta + (times[i] as number));
    }
    for (let i = 0; i < logF.length; i += 1) {
      const x = counts[pairs.countOf[i] as number] as number;
      logF[i] = logParetoIntegral({ r, alpha, s, beta }, x, times[pairs.timeOf[i] as number] as number);
    }
    let sum = 0;
    for (let i = 0; i < rows; i += 1) {
      const k = countOf[i] as number;
      const now = nowOf[i] as number;
      const scale = (r + (counts[k] as number)) * (logAlive[now] as number) + (logThere[now] as number);
      const from = logF[pairs.lastPairOf[i] as number] as number;
      const gap = (logF[pairs.nowPairOf[i] as number] as number) - from;
      const odds = gap < 0 ? (leaving[k] as number) + from + log(-expm1(gap)) + scale : -Infinity;
      const left = odds > 0 ? odds + log1p(exp(-odds)) : log1p(exp(odds));
      sum += (weight[i] as number) * ((fixed[k] as number) - scale + left);
    }
    return sum;
  };
}
