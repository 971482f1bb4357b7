import { setTimeout as pause } from 'node:timers/promises';
import { PostgresUnavailable } from './errors.ts';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/**
 * Tries again while the server is unavailable, for about `forMs` milliseconds: a server that restarts is back within
 * seconds. `attempt` must be safe to repeat although an earlier one may have been carried out. Throws what the last
 * attempt threw, and at once what is no matter of reachability or comes after `given up`.
 */
export async function patiently<T>(
  forMs: number,
  attempt: () => Promise<T>,
  givenUp: () => boolean = () => false,
): Promise<T> {
  const until = performance.now() + forMs;
  for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(LONGEST_PAUSE_MS, wait * 2)) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof PostgresUnavailable) || givenUp() || performance.now() + wait > until)
        throw error;
      await pause(wait);
    }
  }
}
