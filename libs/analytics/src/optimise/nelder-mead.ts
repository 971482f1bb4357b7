import type { Objective } from './derivatives.ts';

/** A point and the objective there. */
export interface Minimum {
  readonly point: readonly number[];
  readonly value: number;
}

const INITIAL_EDGE = 0.4;

/**
 * Downhill simplex (Nelder & Mead 1965, standard coefficients): finds the neighbourhood of a minimum without derivatives,
 * also from poor starts. Deterministic.
 *
 * @param tolerance stops when the simplex' values differ by less
 * @param stopped polled between steps; when it says true the best point so far is returned
 */
export function nelderMead(
  f: Objective,
  start: readonly number[],
  { tolerance, maxSteps, stopped }: { tolerance: number; maxSteps: number; stopped: () => boolean },
): Minimum {
  const measure = (point: readonly number[]): Minimum => ({ point, value: f(point) });
  const simplex = [start, ...start.map((_, i) => start.map((v, j) => (i === j ? v + INITIAL_EDGE : v)))].map(
    measure,
  );
  const byValue = (): void => void simplex.sort((a, b) => a.value - b.value);
  byValue();
  for (let step = 0; step < maxSteps && !stopped(); step += 1) {
    const best = simplex[0] as Minimum;
    const worst = simplex[simplex.length - 1] as Minimum;
    const second = simplex[simplex.length - 2] as Minimum;
    if (worst.value - best.value < tolerance) break;
    const centre = start.map((_, j) =>
      simplex.slice(0, -1).reduce((sum, p) => sum + (p.point[j] as number) / start.length, 0),
    );
    const along = (factor: number): Minimum =>
      measure(centre.map((c, j) => c + factor * ((worst.point[j] as number) - c)));
    const reflected = along(-1);
    let next = reflected;
    if (reflected.value < best.value) {
      const expanded = along(-2);
      if (expanded.value < reflected.value) next = expanded;
    } else if (reflected.value >= second.value) {
      const contracted = along(reflected.value < worst.value ? -0.5 : 0.5);
      if (contracted.value < Math.min(reflected.value, worst.value)) next = contracted;
      else {
        for (let i = 1; i < simplex.length; i += 1) {
          const old = simplex[i] as Minimum;
          simplex[i] = measure(old.point.map((v, j) => ((best.point[j] as number) + v) / 2));
        }
        byValue();
        continue;
      }
    }
    simplex[simplex.length - 1] = next;
    byValue();
  }
  return simplex[0] as Minimum;
}
