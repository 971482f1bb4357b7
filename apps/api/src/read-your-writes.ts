import { parsePosition } from '#kernel';
import { problem } from './access.ts';
import type { Reading } from './reading.ts';

const DEFAULT_WAIT_S = 10;
const MAX_WAIT_S = 60;

/** The query parameters of a read that may wait for a write. */
export interface AfterQuery {
  /** Position that an ingest call answered, decimal. */
  readonly after?: string;
  /** Seconds to wait at most, 0 to 60; 10 if absent. */
  readonly wait?: string;
}

/** What a read is answered from: profiles from the state store, lists and SQL from the warehouse. */
export type Projection = 'profiles' | 'warehouse';

/**
 * Waits until reads are open and the projection has passed `?after=`. Throws 400 for a malformed parameter, 503 if
 * Temas is still starting and 504 with the lag when the wait was too short.
 */
export async function waitFor(
  reading: Reading,
  projection: Projection,
  { after, wait }: AfterQuery,
): Promise<void> {
  const position = after === undefined ? undefined : parsePosition(after);
  if (after !== undefined && position === undefined) {
    throw problem(400, '"after" must be a log position: an unsigned decimal number');
  }
  const seconds = wait === undefined ? DEFAULT_WAIT_S : Number(wait);
  if (!(seconds >= 0 && seconds <= MAX_WAIT_S))
    throw problem(400, `"wait" must be 0 to ${MAX_WAIT_S} seconds`);
  const until = performance.now() + seconds * 1000;
  await reading.whenOpen(seconds * 1000);
  if (position === undefined) return;
  const progress = reading.generation()[projection];
  if (await progress.reached(position, Math.max(0, until - performance.now()))) return;
  throw problem(504, `the projection has not come to ${after} in ${seconds} s; ask again`, {
    after,
    position: progress.position.toString(),
    lag: (position - progress.position).toString(),
  });
}
