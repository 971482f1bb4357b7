import { parsePosition } from '#kernel';
import type { Progress } from '#projection';
import { problem } from './access.ts';

const DEFAULT_WAIT_S = 10;
const MAX_WAIT_S = 60;

/** The query parameters of a read that may wait for a write. */
export interface AfterQuery {
  /** Position that an ingest call answered, decimal. */
  readonly after?: string;
  /** Seconds to wait at most, 0 to 60; 10 if absent. */
  readonly wait?: string;
}

/**
 * Waits until `progress` has passed `?after=`. Throws 400 for a malformed parameter and 504 with the lag when the
 * wait was too short.
 */
export async function waitFor(progress: Progress, { after, wait }: AfterQuery): Promise<void> {
  if (after === undefined) return;
  const position = parsePosition(after);
  if (position === undefined)
    throw problem(400, '"after" must be a log position: an unsigned decimal number');
  const seconds = wait === undefined ? DEFAULT_WAIT_S : Number(wait);
  if (!(seconds >= 0 && seconds <= MAX_WAIT_S))
    throw problem(400, `"wait" must be 0 to ${MAX_WAIT_S} seconds`);
  if (await progress.reached(position, seconds * 1000)) return;
  throw problem(504, `the projection has not come to ${after} in ${seconds} s; ask again`, {
    after,
    position: progress.position.toString(),
    lag: (position - progress.position).toString(),
  });
}
