/**
 * Quantile by linear interpolation of order statistics (type 7 of Hyndman & Fan 1996, the default of R and NumPy).
 *
 * @param sorted ascending, not empty
 * @param share 0 to 1
 */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low + (place - below) * (high - low);
}
