/** A function of a few parameters; where it has no value it returns Infinity. */
export type Objective = (point: readonly number[]) => number;

/** Cube root of the relative error of a likelihood sum: truncation and rounding of a central difference then balance. */
const GRADIENT_STEP = 3e-5;
const HESSIAN_STEP = 1e-3;

/** Gradient by central differences, for parameters of order one (logarithms); two evaluations per parameter. */
export function gradientOf(f: Objective, point: readonly number[]): number[] {
  return point.map((_, i) => {
    const up = f(shifted(point, i, GRADIENT_STEP));
    const down = f(shifted(point, i, -GRADIENT_STEP));
    return (up - down) / (2 * GRADIENT_STEP);
  });
}

/** Matrix of second derivatives by central differences, symmetric by construction; 2n² + 1 evaluations. */
export function hessianOf(f: Objective, point: readonly number[]): number[][] {
  const centre = f(point);
  const h = HESSIAN_STEP;
  const n = point.length;
  const hessian = point.map(() => new Array<number>(n).fill(0));
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      const value =
        i === j
          ? (f(shifted(point, i, h)) - 2 * centre + f(shifted(point, i, -h))) / (h * h)
          : (f(shifted(shifted(point, i, h), j, h)) -
              f(shifted(shifted(point, i, h), j, -h)) -
              f(shifted(shifted(point, i, -h), j, h)) +
              f(shifted(shifted(point, i, -h), j, -h))) /
            (4 * h * h);
      (hessian[i] as number[])[j] = value;
      (hessian[j] as number[])[i] = value;
    }
  }
  return hessian;
}

function shifted(point: readonly number[], index: number, by: number): number[] {
  return point.map((value, i) => (i === index ? value + by : value));
}
