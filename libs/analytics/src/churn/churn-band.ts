import { logistic, logOdds } from '../special/log-space.ts';
import { fitLogistic } from './logistic-regression.ts';

/** A churn probability in words. */
export type ChurnBand = 'low' | 'medium' | 'high';

/** Low is below 30 %, high from 70 %: of calibrated probability, so the share that leaves is what the band says. */
export function churnBand(calibrated: number): ChurnBand {
  if (calibrated < 0.3) return 'low';
  return calibrated < 0.7 ? 'medium' : 'high';
}

/** Platt's calibration: log odds of the calibrated probability = intercept + slope · log odds of the raw one. */
export interface Calibration {
  readonly intercept: number;
  readonly slope: number;
}

/** Changes nothing: where there is no outcome to calibrate on. */
export const UNCALIBRATED: Calibration = { intercept: 0, slope: 1 };

const CLIP = 1e-9;

/**
 * Learns a calibration from probabilities and outcomes of an earlier split (Platt 1999). `UNCALIBRATED` when all or
 * none had the event, or when the probabilities rank the wrong way round.
 */
export function fitCalibration(probabilities: readonly number[], outcomes: readonly boolean[]): Calibration {
  const fit = fitLogistic(
    ['log_odds'],
    probabilities.map((p) => [clippedLogOdds(p)]),
    outcomes,
  );
  if (fit.outcome === 'refused') return UNCALIBRATED;
  const term = fit.model.terms[0];
  if (!term || term.deviation === 0 || term.weight <= 0) return UNCALIBRATED;
  const slope = term.weight / term.deviation;
  return { slope, intercept: fit.model.intercept - slope * term.mean };
}

/** The calibrated probability. */
export function calibrate({ intercept, slope }: Calibration, probability: number): number {
  return logistic(intercept + slope * clippedLogOdds(probability));
}

function clippedLogOdds(p: number): number {
  return logOdds(Math.min(1 - CLIP, Math.max(CLIP, p)));
}
