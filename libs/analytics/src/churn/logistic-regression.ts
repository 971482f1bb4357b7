import { logistic, softplus } from '../special/log-space.ts';
import { cholesky, inverse, solveWith } from '../optimise/symmetric-matrix.ts';

/** A feature's weight, on the scale of standardised values. */
export interface LogisticTerm {
  readonly feature: string;
  readonly mean: number;
  /** Standard deviation in training; a feature that did not vary has weight 0. */
  readonly deviation: number;
  /** Change of the log odds per standard deviation. */
  readonly weight: number;
  /** Of the weight, from the penalised information matrix. */
  readonly standardError: number;
}

/** A logistic model: log odds = intercept + Σ weight · (value − mean)/deviation. */
export interface LogisticModel {
  /** Log odds of a customer with average features. */
  readonly intercept: number;
  readonly terms: readonly LogisticTerm[];
  /** Of the training data, without the penalty, natural logarithm. */
  readonly logLikelihood: number;
  readonly customers: number;
}

/** A model, or why there is none. */
export type LogisticFit =
  | { readonly outcome: 'fitted'; readonly model: LogisticModel }
  | { readonly outcome: 'refused'; readonly reason: 'no_customers' | 'one_class' | 'not_converged' };

/** A feature's share in one customer's log odds. */
export interface Contribution {
  readonly feature: string;
  readonly value: number;
  /** Log odds above (or below) those of a customer with the average value. */
  readonly contribution: number;
}

/** Penalty on squared standardised weights: one pseudo-observation's worth, which keeps separable data finite. */
const RIDGE = 1;
const MAX_STEPS = 50;
const TOLERANCE = 1e-10;

/**
 * Logistic regression by iteratively reweighted least squares with an L2 penalty on standardised features (Hastie,
 * Tibshirani & Friedman 2009, §4.4.1). Deterministic.
 *
 * @param rows one per customer, values in the order of `features`
 */
export function fitLogistic(
  features: readonly string[],
  rows: readonly (readonly number[])[],
  outcomes: readonly boolean[],
): LogisticFit {
  const n = rows.length;
  if (n === 0) return { outcome: 'refused', reason: 'no_customers' };
  if (outcomes.every((y) => y === outcomes[0])) return { outcome: 'refused', reason: 'one_class' };
  const scale = features.map((_, j) => momentsOf(rows, j));
  const width = features.length + 1;
  const design = new Float64Array(n * width);
  rows.forEach((row, i) => {
    design[i * width] = 1;
    scale.forEach(({ mean, deviation }, j) => {
      design[i * width + j + 1] = deviation === 0 ? 0 : ((row[j] as number) - mean) / deviation;
    });
  });
  let weights = new Array<number>(width).fill(0);
  let before = penalised(design, outcomes, weights);
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const { gradient, information } = derivatives(design, outcomes, weights);
    const factor = cholesky(information);
    if (factor === null) break;
    const full = solveWith(factor, gradient);
    let moved = weights;
    let after = before;
    let size = 1;
    for (; size > 1e-6; size /= 2) {
      moved = weights.map((w, j) => w + size * (full[j] as number));
      after = penalised(design, outcomes, moved);
      if (after >= before - 1e-12 * Math.abs(before)) break;
    }
    weights = moved;
    before = after;
    if (size * full.reduce((most, v) => Math.max(most, Math.abs(v)), 0) < TOLERANCE) {
      const covariance = inverse(derivatives(design, outcomes, weights).information) as number[][];
      return {
        outcome: 'fitted',
        model: {
          intercept: weights[0] as number,
          terms: features.map((feature, j) => ({
            feature,
            ...(scale[j] as { mean: number; deviation: number }),
            weight: weights[j + 1] as number,
            standardError: Math.sqrt(covariance[j + 1]?.[j + 1] as number),
          })),
          logLikelihood: logLikelihood(design, outcomes, weights),
          customers: n,
        },
      };
    }
  }
  return { outcome: 'refused', reason: 'not_converged' };
}

/** Probability of the outcome for a row of feature values. */
export function logisticProbability(model: LogisticModel, row: readonly number[]): number {
  return logistic(
    contributions(model, row).reduce((sum, { contribution }) => sum + contribution, model.intercept),
  );
}

/** Each feature's share in a customer's log odds, in the model's order; they and the intercept add up to the log odds. */
export function contributions(model: LogisticModel, row: readonly number[]): Contribution[] {
  return model.terms.map(({ feature, mean, deviation, weight }, j) => {
    const value = row[j] as number;
    return {
      feature,
      value,
      contribution: deviation === 0 ? 0 : (weight * (value - mean)) / deviation,
    };
  });
}

function momentsOf(rows: readonly (readonly number[])[], j: number): { mean: number; deviation: number } {
  const mean = rows.reduce((sum, row) => sum + (row[j] as number), 0) / rows.length;
  const variance = rows.reduce((sum, row) => sum + ((row[j] as number) - mean) ** 2, 0) / rows.length;
  const deviation = Math.sqrt(variance);
  return { mean, deviation: deviation > 1e-12 * Math.abs(mean) ? deviation : 0 };
}

function logOddsOf(design: Float64Array, i: number, weights: readonly number[]): number {
  let sum = 0;
  const from = i * weights.length;
  for (let j = 0; j < weights.length; j += 1) sum += (design[from + j] as number) * (weights[j] as number);
  return sum;
}

function logLikelihood(
  design: Float64Array,
  outcomes: readonly boolean[],
  weights: readonly number[],
): number {
  return outcomes.reduce((sum, outcome, i) => {
    const odds = logOddsOf(design, i, weights);
    return sum - softplus(outcome ? -odds : odds);
  }, 0);
}

function penalised(design: Float64Array, outcomes: readonly boolean[], weights: readonly number[]): number {
  const penalty = weights.slice(1).reduce((sum, w) => sum + w * w, 0);
  return logLikelihood(design, outcomes, weights) - (RIDGE * penalty) / 2;
}

function derivatives(
  design: Float64Array,
  outcomes: readonly boolean[],
  weights: readonly number[],
): { gradient: number[]; information: number[][] } {
  const width = weights.length;
  const gradient = weights.map((w, j) => (j === 0 ? 0 : -RIDGE * w));
  const information = weights.map((_, i) => weights.map((_w, j) => (i === j && i > 0 ? RIDGE : 0)));
  outcomes.forEach((outcome, i) => {
    const p = logistic(logOddsOf(design, i, weights));
    const residual = (outcome ? 1 : 0) - p;
    const variance = p * (1 - p);
    const from = i * width;
    for (let j = 0; j < width; j += 1) {
      const value = design[from + j] as number;
      gradient[j] = (gradient[j] as number) + value * residual;
      const line = information[j] as number[];
      for (let k = 0; k <= j; k += 1) {
        line[k] = (line[k] as number) + value * variance * (design[from + k] as number);
      }
    }
  });
  for (let j = 0; j < width; j += 1) {
    for (let k = 0; k < j; k += 1) (information[k] as number[])[j] = information[j]?.[k] as number;
  }
  return { gradient, information };
}
