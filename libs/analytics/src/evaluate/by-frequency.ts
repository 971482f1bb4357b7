/** Customers who had bought equally often before the cutoff, and what they did after it, on average. */
export interface FrequencyRow {
  /** Repeat purchases before the cutoff; the last row holds this many or more. */
  readonly x: number;
  readonly orMore: boolean;
  readonly customers: number;
  readonly actual: number;
  readonly predicted: number;
}

/**
 * Calibration by frequency (Fader, Hardie & Lee 2005, figure 4): mean outcome and mean prediction by x, from 0 to `last`
 * or more. Rows without customers are left out.
 */
export function byFrequency(
  customers: readonly { readonly x: number; readonly predicted: number; readonly actual: number }[],
  last = 7,
): FrequencyRow[] {
  const rows = Array.from({ length: last + 1 }, () => ({ customers: 0, actual: 0, predicted: 0 }));
  for (const { x, predicted, actual } of customers) {
    const row = rows[Math.min(x, last)] as (typeof rows)[number];
    row.customers += 1;
    row.actual += actual;
    row.predicted += predicted;
  }
  return rows
    .map((row, x) => ({
      x,
      orMore: x === last,
      customers: row.customers,
      actual: row.actual / row.customers,
      predicted: row.predicted / row.customers,
    }))
    .filter((row) => row.customers > 0);
}
