import { integrateHalfLine } from './double-exponential.ts';

/**
 * e^z E_s(z) = ∫₀^∞ e^(−zu) (1+u)^(−s) du for real s and z > 0, the generalised exponential integral (DLMF 8.19.4)
 * without its vanishing factor. One quadrature of a positive integrand instead of a series with poles at whole s and a
 * slow fraction at small z; relative error below 1e-12 on the grid.
 */
export function scaledExponentialIntegral(s: number, z: number): number {
  return integrateHalfLine((u) => Math.exp(-z * u - s * Math.log1p(u)));
}

/**
 * Tricomi's Ψ(s, s; z) = z^(1−s) e^z E_s(z) (DLMF 13.6.6), z > 0: the function of the discounted expected transactions
 * (Fader, Hardie & Lee 2005, "RFM and CLV", eq. 5).
 */
export function tricomi(s: number, z: number): number {
  return Math.exp((1 - s) * Math.log(z)) * scaledExponentialIntegral(s, z);
}
