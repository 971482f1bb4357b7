/** Days of a window, UTC, counted from 1970-01-01; both ends count. */
export interface FitWindow {
  readonly start: number;
  readonly cutoff: number;
  /** Newest day of the data, which may lie after the cutoff. */
  readonly newest: number;
}

/** Days that are held out: predictions know what lies up to `cutoff`, and are compared with (cutoff, until]. */
export interface HeldOutDays {
  readonly cutoff: number;
  readonly until: number;
}

/** Fewer days say nothing. */
const FEWEST_DAYS = 14;

/**
 * Which days judge the predictions: those after the cutoff where there are some, so that the very model is judged that
 * gives the scores; else the last third of the window, at most a horizon, and a model fitted to the rest. `null` where
 * the window is too short.
 */
export function heldOutDays({ start, cutoff, newest }: FitWindow, horizonDays: number): HeldOutDays | null {
  const after = Math.min(horizonDays, newest - cutoff);
  if (after >= FEWEST_DAYS) return { cutoff, until: cutoff + after };
  return choosingDays({ start, cutoff }, horizonDays);
}

/** Which days choose between models: the last third of the window, at most a horizon. Never what lies after the cutoff. */
export function choosingDays(
  { start, cutoff }: Omit<FitWindow, 'newest'>,
  horizonDays: number,
): HeldOutDays | null {
  const days = Math.min(horizonDays, Math.floor((cutoff - start + 1) / 3));
  return days >= FEWEST_DAYS ? { cutoff: cutoff - days, until: cutoff } : null;
}

/** The cutoffs of a churn evaluation: learnt at the earlier one, judged at the later one, a horizon apart. */
export interface ChurnSplits {
  readonly later: number;
  /** `null`: the data begin too late for one. */
  readonly earlier: number | null;
}

/** Time split of churn for a horizon; `null` where not even one horizon fits. */
export function churnSplits({ start, cutoff, newest }: FitWindow, horizonDays: number): ChurnSplits | null {
  const later = newest - cutoff >= horizonDays ? cutoff : cutoff - horizonDays;
  if (later - start < FEWEST_DAYS) return null;
  const earlier = later - horizonDays;
  return { later, earlier: earlier - start >= FEWEST_DAYS ? earlier : null };
}
