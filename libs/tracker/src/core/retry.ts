/** Longest wait of ours between two attempts, ms; a server that says `Retry-After` may ask for more. */
export const LONGEST_WAIT = 60_000;

/**
 * Whether an answer will never become better. Everything else but 2xx may: a wrong key is put right by the operator,
 * and until then the store keeps what it can.
 */
export function isFinal(status: number | undefined): boolean {
  return status === 400 || status === 413;
}

/** Wait before attempt number `tries` + 1, ms: doubled each time, spread by half so that clients do not march in step. */
export function waitAfter(tries: number, retryAfterSeconds: number, random: number): number {
  return Math.max(
    retryAfterSeconds * 1_000 || 0,
    Math.min(LONGEST_WAIT, 500 * 2 ** tries) * (0.5 + random / 2),
  );
}
