import { InvalidArgument } from '../errors.ts';
import type { TimeUnit } from '../history/summarise-purchases.ts';

/** Units in a year by the convention of the papers: 52 weeks (15 % a year are 0.0027 a week), 365 days. */
export const UNITS_PER_YEAR: Readonly<Record<TimeUnit, number>> = { day: 365, week: 52 };

/**
 * Continuous rate δ per unit of time from an effective annual rate: ln(1 + annual)/units.
 *
 * @param annual 0.15 means 15 % a year, > −1
 */
export function continuousRate(annual: number, unit: TimeUnit): number {
  return Math.log1p(checked(annual)) / UNITS_PER_YEAR[unit];
}

/** Effective rate per period from an effective annual rate: (1 + annual)^(1/periodsPerYear) − 1. */
export function periodRate(annual: number, periodsPerYear: number): number {
  return Math.expm1(Math.log1p(checked(annual)) / periodsPerYear);
}

function checked(annual: number): number {
  if (!(annual > -1 && Number.isFinite(annual))) throw new InvalidArgument(`no annual rate: ${annual}`);
  return annual;
}
