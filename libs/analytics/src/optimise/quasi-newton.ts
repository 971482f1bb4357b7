import { gradientOf, type Objective } from './derivatives.ts';
import type { Minimum } from './nelder-mead.ts';
import type { Matrix } from './symmetric-matrix.ts';

/** A minimum with its gradient, whose largest component says how flat the ground is. */
export interface Polished extends Minimum {
  readonly gradient: readonly number[];
}

const SUFFICIENT = 1e-4;
/** In logarithms: no step multiplies a parameter by more than e². */
const LONGEST_STEP = 2;
const MAX_STEPS = 200;

/**
 * BFGS with a backtracking line search (Nocedal & Wright 2006, ch. 6): from near a minimum to the last digits a central
 * difference allows. Never returns a point worse than its start.
 *
 * @param tolerance stops when no component of the gradient is larger
 * @param stopped polled between steps
 * @param curvature inverse Hessian near the start, positive definite; learnt on the way without it
 */
export function quasiNewton(
  f: Objective,
  start: Minimum,
  { tolerance, stopped, curvature }: { tolerance: number; stopped: () => boolean; curvature?: Matrix },
): Polished {
  let { point, value } = start;
  let gradient = gradientOf(f, point);
  let inverse: Matrix = curvature ?? identity(point.length);
  let fresh = curvature === undefined;
  for (let step = 0; step < MAX_STEPS && !stopped(); step += 1) {
    if (!gradient.every(Number.isFinite) || largest(gradient) <= tolerance) break;
    let direction = inverse.map((row) => -dot(row, gradient));
    if (dot(direction, gradient) >= 0) direction = gradient.map((g) => -g);
    const longest = largest(direction);
    const moved = search(f, { point, value }, direction, dot(direction, gradient), longest);
    if (moved === null) {
      if (fresh) break;
      inverse = identity(point.length);
      fresh = true;
      continue;
    }
    const nextGradient = gradientOf(f, moved.point);
    const s = moved.point.map((v, i) => v - (point[i] as number));
    const y = nextGradient.map((v, i) => v - (gradient[i] as number));
    if (dot(s, y) > 0) {
      if (fresh) inverse = identity(point.length, dot(s, y) / dot(y, y));
      inverse = updated(inverse, s, y);
      fresh = false;
    }
    ({ point, value } = moved);
    gradient = nextGradient;
  }
  return { point, value, gradient };
}

function search(
  f: Objective,
  from: Minimum,
  direction: readonly number[],
  slope: number,
  longest: number,
): Minimum | null {
  for (let factor = Math.min(1, LONGEST_STEP / longest); factor * longest > 1e-12; factor /= 2) {
    const point = from.point.map((v, i) => v + factor * (direction[i] as number));
    const value = f(point);
    if (value < from.value && value <= from.value + SUFFICIENT * factor * slope) return { point, value };
  }
  return null;
}

/** The BFGS update of the inverse Hessian. */
function updated(inverse: Matrix, s: readonly number[], y: readonly number[]): number[][] {
  const rho = 1 / dot(s, y);
  const hy = inverse.map((row) => dot(row, y));
  const scale = rho * (1 + rho * dot(y, hy));
  return inverse.map((row, i) =>
    row.map(
      (h, j) =>
        h +
        scale * (s[i] as number) * (s[j] as number) -
        rho * ((hy[i] as number) * (s[j] as number) + (s[i] as number) * (hy[j] as number)),
    ),
  );
}

function identity(n: number, scale = 1): number[][] {
  return Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_row, j) => (i === j ? scale : 0)));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, v, i) => sum + v * (b[i] as number), 0);
}

function largest(v: readonly number[]): number {
  return v.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
}
