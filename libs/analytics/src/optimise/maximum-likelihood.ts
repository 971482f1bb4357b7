import { gradientOf, hessianOf, type Objective } from './derivatives.ts';
import { nelderMead, type Minimum } from './nelder-mead.ts';
import { quasiNewton } from './quasi-newton.ts';
import { cholesky, inverse, solveWith } from './symmetric-matrix.ts';

/** How a caller watches and stops a long computation. It runs in one go: a signal that another thread sets is polled. */
export interface FitControl {
  /** An AbortSignal, or anything that reads a flag shared between threads. */
  readonly signal?: { readonly aborted: boolean };
  /** After each step: evaluations of the likelihood so far and the best on all data, null while starts are ranked. */
  readonly onProgress?: (progress: { evaluations: number; logLikelihood: number | null }) => void;
}

/** What is maximised: natural parameters in, total log-likelihood out (natural logarithm). */
export interface LikelihoodProblem {
  /** Log-likelihood of all customers. */
  readonly full: (parameters: readonly number[]) => number;
  readonly customers: number;
  /** The same of a thinned sample; only ranks starts. Absent: the data are small enough to use whole. */
  readonly coarse?: (parameters: readonly number[]) => number;
  readonly coarseCustomers?: number;
  /** Natural parameters to start from; several, because likelihoods of this family have flat ridges. */
  readonly starts: readonly (readonly number[])[];
  /** Natural parameters near the maximum, such as those of nearly the same data; `starts` count where none is found. */
  readonly near?: readonly number[];
  /** Unit of each parameter: 1 for shapes, a typical time or amount for scales. Bounds are relative to it. */
  readonly units: readonly number[];
}

/** Outcome of a maximisation; a point where the data say nothing is no maximum. */
export type Maximum =
  | {
      readonly outcome: 'found';
      readonly parameters: readonly number[];
      readonly logLikelihood: number;
      /** Covariance of the natural parameters, by the delta method from the logarithms' inverse Hessian. */
      readonly covariance: readonly (readonly number[])[];
      /** Largest derivative of the mean log-likelihood per customer by a parameter's logarithm. */
      readonly gradientNorm: number;
      readonly evaluations: number;
    }
  | { readonly outcome: 'at_bound'; readonly parameters: readonly number[]; readonly index: number }
  | { readonly outcome: 'flat'; readonly parameters: readonly number[] }
  | { readonly outcome: 'stopped' };

/** Search range relative to a parameter's unit. The likelihood beyond it no longer tells parameters apart. */
const LOWEST = 1e-5;
const HIGHEST = 1e4;
const NEAR_BOUND = 1.2;
/** A parameter known worse than within a factor of e¹⁰ is not known. */
const WORST_LOG_ERROR = 10;
const ROUGH = { tolerance: 1e-5, maxSteps: 250 };
const POLISH_TOLERANCE = 1e-8;
const NEWTON_STEPS = 3;

/**
 * Maximum likelihood in logarithms of the parameters: a simplex from every start (on the thinned sample when there is
 * one), BFGS from the best on all data, Newton steps to finish, standard errors from the Hessian there. Deterministic.
 */
export function maximise(problem: LikelihoodProblem, control: FitControl = {}): Maximum {
  const { near, ...cold } = problem;
  if (near === undefined) return climb(cold, control);
  const found = climb(problem, control);
  return found.outcome === 'found' || found.outcome === 'stopped' ? found : climb(cold, control);
}

function climb(problem: LikelihoodProblem, control: FitControl): Maximum {
  const stopped = (): boolean => control.signal?.aborted === true;
  const logUnits = problem.units.map(Math.log);
  let evaluations = 0;
  let best = -Infinity;
  const objective =
    (likelihood: (parameters: readonly number[]) => number, customers: number): Objective =>
    (point) => {
      for (let i = 0; i < point.length; i += 1) {
        const relative = (point[i] as number) - (logUnits[i] as number);
        if (!(relative > Math.log(LOWEST) && relative < Math.log(HIGHEST))) return Infinity;
      }
      evaluations += 1;
      const value = likelihood(point.map(Math.exp));
      if (likelihood === problem.full && value > best) best = value;
      return Number.isFinite(value) ? -value / customers : Infinity;
    };
  const watched = (): boolean => {
    control.onProgress?.({ evaluations, logLikelihood: best === -Infinity ? null : best });
    return stopped();
  };
  const full = objective(problem.full, problem.customers);
  const rough = problem.coarse
    ? objective(problem.coarse, problem.coarseCustomers ?? problem.customers)
    : full;

  let start: Minimum = { point: (problem.near ?? problem.starts[0] ?? []).map(Math.log), value: Infinity };
  for (const candidate of problem.near === undefined ? problem.starts : []) {
    const found = nelderMead(rough, candidate.map(Math.log), { ...ROUGH, stopped: watched });
    if (found.value < start.value) start = found;
  }
  if (stopped()) return { outcome: 'stopped' };
  // Curvature is nearly the same on the sample, and with it BFGS need not learn it on all data.
  const curvature = inverse(hessianOf(rough, start.point));
  const polished = quasiNewton(
    full,
    { point: start.point, value: full(start.point) },
    { tolerance: POLISH_TOLERANCE, stopped: watched, ...(curvature && { curvature }) },
  );
  if (stopped()) return { outcome: 'stopped' };
  const bound = polished.point.findIndex((v, i) => nearBound(v - (logUnits[i] as number)));
  const natural = polished.point.map(Math.exp);
  if (bound >= 0 || !Number.isFinite(polished.value)) {
    return { outcome: 'at_bound', parameters: natural, index: Math.max(0, bound) };
  }
  const finished = newton(full, polished);
  if (stopped()) return { outcome: 'stopped' };
  const logCovariance = inverse(finished.hessian);
  const logErrors = logCovariance?.map((row, i) => Math.sqrt((row[i] as number) / problem.customers));
  if (!logCovariance || !logErrors?.every((e) => e < WORST_LOG_ERROR)) {
    return { outcome: 'flat', parameters: natural };
  }
  const parameters = finished.point.map(Math.exp);
  return {
    outcome: 'found',
    parameters,
    logLikelihood: problem.full(parameters),
    covariance: logCovariance.map((row, i) =>
      row.map((c, j) => (c / problem.customers) * (parameters[i] as number) * (parameters[j] as number)),
    ),
    gradientNorm: finished.gradientNorm,
    evaluations,
  };
}

function nearBound(relativeLog: number): boolean {
  return relativeLog < Math.log(LOWEST * NEAR_BOUND) || relativeLog > Math.log(HIGHEST / NEAR_BOUND);
}

interface Finished {
  readonly point: readonly number[];
  readonly hessian: number[][];
  readonly gradientNorm: number;
}

/** Newton steps: exact where BFGS crept along a ridge. A step that does not improve is not taken. */
function newton(
  f: Objective,
  from: { point: readonly number[]; value: number; gradient: readonly number[] },
): Finished {
  let { point, value, gradient } = from;
  let hessian = hessianOf(f, point);
  for (let step = 0; step < NEWTON_STEPS && norm(gradient) > POLISH_TOLERANCE; step += 1) {
    const factor = cholesky(hessian);
    if (factor === null) break;
    const move = solveWith(factor, gradient);
    const next = point.map((v, i) => v - (move[i] as number));
    const nextValue = f(next);
    if (!(nextValue <= value)) break;
    point = next;
    gradient = gradientOf(f, next);
    value = nextValue;
    hessian = hessianOf(f, point);
  }
  return { point, hessian, gradientNorm: norm(gradient) };
}

function norm(v: readonly number[]): number {
  return v.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
}
