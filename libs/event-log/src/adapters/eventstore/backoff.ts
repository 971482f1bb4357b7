const FIRST_MS = 50;
const LONGEST_MS = 2_000;

/**
 * How long to wait before try `attempt` (from 1), in milliseconds: doubling, with the half of it left to chance, so
 * that many processes do not come back to a restarted server at once.
 */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1));
  return full / 2 + (random() * full) / 2;
}
